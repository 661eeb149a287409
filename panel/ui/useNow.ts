import { useEffect, useState } from "react";

/** The time (ms), renewed every `everyMs`, so that "3 minutes ago" does not stand still. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
