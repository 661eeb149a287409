import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import type { Segment } from "../../../server/segments/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { useDescribe } from "../../ui/useDescribe.ts";
import { Composer } from "./Composer.tsx";
import { Reach } from "./Reach.tsx";
import { Samples } from "./Samples.tsx";
import { SaveSegment } from "./SaveSegment.tsx";
import styles from "./SegmentBuilder.module.css";
import type { LiveCount } from "./useLiveCount.ts";

interface SummaryProps {
  live: LiveCount;
  /** Rules that lack something. */
  unfinished: number;
  segment: Segment | null;
  onSaved(): void;
}

/** The filter in words, its numbers, some of those who match, and what can be done with it. */
export function Summary({ live, unfinished, segment, onSaved }: SummaryProps) {
  const { strings, format } = useWords();
  const texts = strings.segments;
  const [isComposing, composer] = useDisclosure(false);
  const { filter, count, isCurrent } = live;
  const written = filter?.segment ?? filter?.target;
  const describe = useDescribe(written === undefined ? [] : [written]);
  const isAtFault = live.faults.size > 0 || live.lines.length > 0;
  const isReady = isCurrent && !isAtFault && unfinished === 0;
  const devices = isReady ? (count?.installations ?? 0) : 0;
  const note =
    unfinished > 0
      ? texts.unfinished(unfinished, format.number(unfinished))
      : isReady && devices === 0
        ? texts.noDevices
        : "";
  return (
    <div className={styles.side}>
      <Card>
        <p className={`${styles.sentence} ${isAtFault ? "faint" : ""}`}>
          {written === undefined ? "…" : describe(written)}
        </p>
        {live.error !== null ? (
          <ErrorState error={live.error} onRetry={live.refetch} />
        ) : (
          <Reach count={count} isCounting={live.isCounting} isStale={isAtFault} />
        )}
        <div className={styles.buttons}>
          <SaveSegment filter={isReady ? filter : null} segment={segment} onSaved={onSaved} />
          <Button
            fullWidth
            variant="default"
            disabled={devices === 0}
            onClick={composer.open}
            leftSection={<IconSend size={16} className={styles.send} />}
          >
            {texts.send}
          </Button>
        </div>
        <p className={styles.note} aria-live="polite">
          {note}
        </p>
      </Card>
      {count !== null && <Samples samples={count.samples} />}
      {filter !== null && (
        <Composer
          isOpen={isComposing}
          onClose={composer.close}
          filter={filter}
          devices={devices}
          isEstimate={count?.isEstimate ?? false}
        />
      )}
    </div>
  );
}
