import type { EventSummary } from "../../../server/events/schema.ts";
import type { SortKey } from "./settings.ts";

/** Sorts by a column; where it is alike or missing, by name, and what is missing comes last. */
export function sortEvents(
  events: readonly EventSummary[],
  { key, isUp }: { key: SortKey; isUp: boolean },
  compare: (a: string, b: string) => number,
): EventSummary[] {
  const sign = isUp ? 1 : -1;
  return events.toSorted((one, other) => {
    const a = one[key];
    const b = other[key];
    if (a === null || b === null)
      return Number(a === null) - Number(b === null) || compare(one.name, other.name);
    const order =
      typeof a === "number" && typeof b === "number"
        ? a - b
        : key === "name"
          ? compare(one.name, other.name)
          : String(a) < String(b)
            ? -1
            : Number(a !== b);
    return order * sign || compare(one.name, other.name);
  });
}
