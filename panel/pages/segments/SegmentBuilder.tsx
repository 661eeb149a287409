import { Alert, Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import type { Segment } from "../../../server/segments/schema.ts";
import type { Filter } from "../../api/segments.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { FilterBuilder } from "./FilterBuilder.tsx";
import { forgetDraft } from "./keptDraft.ts";
import styles from "./SegmentBuilder.module.css";
import { Summary } from "./Summary.tsx";
import { write } from "./tree.ts";
import { useDraft } from "./useDraft.ts";
import { useLiveCount } from "./useLiveCount.ts";

/** How long nothing is typed before it is counted. */
const settleMs = 300;

interface SegmentBuilderProps {
  initial: Filter;
  /** Where unsaved work is kept. */
  draftKey: string;
  /** The segment that is edited; null for a new one. */
  segment: Segment | null;
}

/** Writes a filter, as rules or as JSON, with its numbers beside it. */
export function SegmentBuilder({ initial, draftKey, segment }: SegmentBuilderProps) {
  const { strings } = useWords();
  const texts = strings.segments;
  const { draft, isKept, change, startOver } = useDraft(draftKey, initial);
  const [settled] = useDebouncedValue(draft, settleMs);
  const live = useLiveCount(settled, settled === draft);
  const unfinished = useMemo(() => (draft.view === "rules" ? write(draft.root).unfinished.size : 0), [draft]);
  return (
    <>
      {isKept && (
        <Alert className={styles.kept ?? ""} color="accent" variant="light">
          <span className={styles.keptLine}>
            {texts.kept}
            <Button variant="default" size="xs" onClick={startOver}>
              {texts.startOver}
            </Button>
          </span>
        </Alert>
      )}
      <div className={styles.columns}>
        <Card>
          <FilterBuilder draft={draft} live={live} isSettled={settled === draft} onChange={change} />
        </Card>
        <Summary
          live={live}
          unfinished={unfinished}
          segment={segment}
          onSaved={() => forgetDraft(draftKey)}
        />
      </div>
    </>
  );
}
