import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import type { SegmentCount } from "../../../server/segments/schema.ts";
import { useSegmentCount } from "../../api/segments.ts";
import type { Draft } from "../segments/draft.ts";
import { write } from "../segments/tree.ts";
import { type LiveCount, useLiveCount } from "../segments/useLiveCount.ts";
import { type Audience, filterOfAudience } from "./composerValues.ts";

/** How long nothing is typed before it is counted. */
const settleMs = 300;

/** No filter of one's own; nothing is asked about it. */
const noDraft: Draft = { view: "json", root: { kind: "group", id: "", match: "all", items: [] }, text: "" };

/** What there is to say of an audience. */
export interface AudienceNumbers {
  /** Null before the first answer. */
  count: SegmentCount | null;
  isCounting: boolean;
  /** The numbers are of this very audience. */
  isCurrent: boolean;
  error: unknown;
  refetch(): void;
  /** Of an own filter: its numbers and faults, rule by rule. */
  live: LiveCount;
  isSettled: boolean;
  /** The own filter cannot be sent to as it stands. */
  isAtFault: boolean;
}

/** Counts an audience while it is chosen. */
export function useAudience(audience: Audience): AudienceNumbers {
  const own = audience.kind === "own" ? audience.draft : noDraft;
  const [settled] = useDebouncedValue(own, settleMs);
  const isSettled = settled === own;
  const live = useLiveCount(settled, isSettled);
  const isOwn = audience.kind === "own";
  const plain = useSegmentCount(isOwn ? null : filterOfAudience(audience));
  const unfinished = useMemo(() => (own.view === "rules" ? write(own.root).unfinished.size : 0), [own]);
  if (!isOwn) {
    const isChosen = filterOfAudience(audience) !== null;
    return {
      count: isChosen ? (plain.data ?? null) : null,
      isCounting: plain.isFetching,
      isCurrent: plain.isCurrent,
      error: isChosen ? plain.error : null,
      refetch: plain.refetch,
      live,
      isSettled,
      isAtFault: false,
    };
  }
  return {
    count: live.count,
    isCounting: live.isCounting,
    isCurrent: live.isCurrent,
    error: live.error,
    refetch: live.refetch,
    live,
    isSettled,
    isAtFault: unfinished > 0 || live.faults.size > 0 || live.lines.length > 0,
  };
}
