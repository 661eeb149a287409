import { useEffect, useMemo, useState } from "react";
import type { SegmentCount } from "../../../server/segments/schema.ts";
import { ApiProblem } from "../../api/problem.ts";
import { type Filter, type RuleCount, useSegmentCount } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { type Draft, filterOfDraft } from "./draft.ts";
import { type PlacedFault, readFilter } from "./readFilter.ts";
import { nodeAt, write } from "./tree.ts";

/** What there is to say of a draft that stopped changing for a moment. */
export interface LiveCount {
  /** The numbers of the last good filter. */
  count: SegmentCount | null;
  /** That filter. */
  filter: Filter | null;
  /** The numbers are of the draft as it stands, and exact or as good as that. */
  isCurrent: boolean;
  isCounting: boolean;
  /** Numbers of each rule and group, by its id. */
  numbers: ReadonlyMap<string, RuleCount>;
  /** Faults of each rule and group, by its id. */
  faults: ReadonlyMap<string, readonly string[]>;
  /** Faults in the JSON, by line. */
  lines: readonly PlacedFault[];
  /** A failure that is no fault of the filter. */
  error: unknown;
  refetch(): void;
}

/** Counts a draft, rule by rule. `isSettled` is false while it is still being changed. */
export function useLiveCount(draft: Draft, isSettled: boolean): LiveCount {
  const { strings } = useWords();
  const filter = useMemo(() => filterOfDraft(draft), [draft]);
  const answer = useSegmentCount(filter, draft.view === "rules");
  const { data, isCurrent, error } = answer;

  const [last, setLast] = useState<Pick<LiveCount, "count" | "filter" | "numbers">>({
    count: null,
    filter: null,
    numbers: new Map(),
  });
  useEffect(() => {
    if (isCurrent && data !== undefined) setLast({ count: data, filter, numbers: numbersOf(draft, data) });
  }, [isCurrent, data, filter, draft]);

  const refused = error instanceof ApiProblem && error.errors.length > 0 ? error.errors : null;
  const faults = useMemo(() => {
    const found = new Map<string, string[]>();
    if (refused === null || draft.view !== "rules") return found;
    const written = write(draft.root);
    for (const { pointer, detail } of refused) {
      const id = nodeAt(written, pointer) ?? draft.root.id;
      found.set(id, [...(found.get(id) ?? []), detail]);
    }
    return found;
  }, [refused, draft]);
  const lines = useMemo(() => {
    if (draft.view !== "json") return [];
    const read = readFilter(draft.text);
    if (read.fault === null) return read.place(refused ?? []);
    const texts = strings.segments;
    const detail = read.fault.kind === "not_json" ? texts.notJson : texts.notObject;
    return [{ line: read.fault.line, path: "", detail }];
  }, [refused, draft, strings]);
  return {
    ...last,
    isCurrent: isSettled && isCurrent && last.filter === filter,
    isCounting: !isSettled || answer.isFetching,
    faults,
    lines,
    error: refused === null ? error : null,
    refetch: answer.refetch,
  };
}

function numbersOf(draft: Draft, { rules = [] }: SegmentCount): Map<string, RuleCount> {
  const { nodes } = write(draft.root);
  const numbers = new Map<string, RuleCount>();
  for (const rule of rules) {
    const id = nodes.get(rule.pointer);
    // `not` and what stands in it are one group here; its own numbers come first.
    if (id !== undefined && !numbers.has(id)) numbers.set(id, rule);
  }
  return numbers;
}
