import { useMemo } from "react";
import type { Scope } from "../../api/events.ts";
import { useApp } from "../../ui/appContext.ts";
import { boundsOf, type Range } from "./range.ts";

/** A range and a segment as the API is asked for them. */
export function useScope(range: Range, segment: string | undefined): Scope {
  const { timeZone } = useApp();
  return useMemo(
    () => ({ range, segment, bounds: (now: number) => boundsOf(range, now, timeZone) }),
    [range, segment, timeZone],
  );
}
