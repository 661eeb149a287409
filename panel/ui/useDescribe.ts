import { useCallback, useMemo } from "react";
import { useNames } from "../api/names.ts";
import { useSegmentFields } from "../api/segments.ts";
import { describeFilter } from "./describeAudience.ts";
import { useWords } from "./language.tsx";

/** Writes these filters in words, with the names of what they speak of by id. */
export function useDescribe(
  filters: readonly unknown[],
  known?: ReadonlyMap<string, string>,
): (filter: unknown) => string {
  const words = useWords();
  const segmentNames = useNames(filters, known);
  const fields = useSegmentFields().data;
  const events = useMemo(
    () => new Set(fields?.data.flatMap(({ group, name }) => (group === "behaviour" ? [name] : []))),
    [fields],
  );
  return useCallback(
    (filter) => describeFilter(filter, { ...words, segmentNames, isEvent: (name) => events.has(name) }),
    [words, segmentNames, events],
  );
}
