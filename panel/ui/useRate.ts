import { useEffect, useState } from "react";
import { addSample, rateOf, type Sample } from "./rate.ts";

/** Units per second of a value that grows, from how it grew over the last seconds; null until that can be said. */
export function useRate(value: number): number | null {
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => {
    setSamples((earlier) => addSample(earlier, { value, at: Date.now() }));
  }, [value]);
  return rateOf(samples);
}
