import { Button } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import type { SegmentCount } from "../../../server/segments/schema.ts";
import { ApiProblem } from "../../api/problem.ts";
import { type Target, useSegmentCount } from "../../api/segments.ts";
import { Card } from "../../ui/Card.tsx";
import { describeTarget } from "../../ui/describeAudience.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { Composer } from "./Composer.tsx";
import { examples } from "./examples.ts";
import { FilterEditor } from "./FilterEditor.tsx";
import { Reach } from "./Reach.tsx";
import { type PlacedFault, readTarget } from "./readTarget.ts";
import { SaveSegment } from "./SaveSegment.tsx";
import styles from "./SegmentsPage.module.css";

const write = (target: unknown) => JSON.stringify(target, null, 2);

/** Describe an audience, see how many they are, and send to them. */
export function SegmentsPage() {
  const words = useWords();
  const texts = words.strings.segments;
  const [text, setText] = useState(() => write(examples[1]?.target));
  const [settled] = useDebouncedValue(text, 300);
  const read = useMemo(() => readTarget(settled), [settled]);
  const count = useSegmentCount(read.target);
  const [isComposing, composer] = useDisclosure(false);

  // The last good filter and its numbers stay while a fault is being mended.
  const [last, setLast] = useState<{ target: Target; count: SegmentCount } | null>(null);
  useEffect(() => {
    if (read.target !== null && count.isSuccess && !count.isPlaceholderData) {
      setLast({ target: read.target, count: count.data });
    }
  }, [read, count.isSuccess, count.isPlaceholderData, count.data]);

  const faults = useFaults(read, count.error);
  const isCounting = text !== settled || count.isFetching;
  const isCurrent = !isCounting && read.target !== null && count.isSuccess && !count.isPlaceholderData;
  const devices = isCurrent ? (count.data?.installations ?? 0) : 0;
  const isFilterAtFault = faults.length > 0;
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <div className={styles.columns}>
        <Card title={texts.editor} hint={texts.editorHint}>
          <FilterEditor text={text} onChange={setText} faults={text === settled ? faults : []} />
          <p className={styles.examplesTitle}>{texts.examples}</p>
          <div className={styles.examples}>
            {examples.map(({ key, target }) => (
              <Button
                key={key}
                variant="default"
                size="xs"
                radius="xl"
                onClick={() => setText(write(target))}
              >
                {texts.exampleNames[key]}
              </Button>
            ))}
          </div>
        </Card>
        <Card>
          <p className={`${styles.sentence} ${isFilterAtFault ? "faint" : ""}`}>
            {last === null ? "…" : describeTarget(last.target, words)}
          </p>
          {count.isError && !isFilterAtFault ? (
            <ErrorState error={count.error} onRetry={() => void count.refetch()} />
          ) : (
            <Reach count={last?.count ?? null} isCounting={isCounting} isStale={isFilterAtFault} />
          )}
          <Button
            fullWidth
            mt="lg"
            size="md"
            disabled={devices === 0}
            onClick={composer.open}
            leftSection={<IconSend size={16} className={styles.send} />}
          >
            {texts.send}
          </Button>
          <SaveSegment target={isCurrent ? read.target : null} />
          <p className={styles.note} aria-live="polite">
            {isCurrent && devices === 0 ? texts.noDevices : ""}
          </p>
        </Card>
      </div>
      {read.target !== null && (
        <Composer isOpen={isComposing} onClose={composer.close} target={read.target} devices={devices} />
      )}
    </>
  );
}

function useFaults(read: ReturnType<typeof readTarget>, error: unknown): PlacedFault[] {
  const { strings } = useWords();
  return useMemo(() => {
    const texts = strings.segments;
    if (read.fault !== null) {
      const detail = read.fault.kind === "not_json" ? texts.notJson : texts.notObject;
      return [{ line: read.fault.line, path: "", detail }];
    }
    return error instanceof ApiProblem ? read.place(error.errors) : [];
  }, [read, error, strings]);
}
