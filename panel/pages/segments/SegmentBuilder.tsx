import { Alert, Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useRef } from "react";
import type { Segment } from "../../../server/segments/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { type Filter, useEveryone, useSegmentFields } from "../../api/segments.ts";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { type Builder, BuilderContext } from "./builderContext.ts";
import { asJson, asRules, type Draft } from "./draft.ts";
import { FilterEditor } from "./FilterEditor.tsx";
import { GroupEditor } from "./GroupEditor.tsx";
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
          <ViewChoice draft={draft} onChange={(next) => change(() => next)} />
          {draft.view === "rules" ? (
            <Rules draft={draft} live={live} onChange={change} />
          ) : (
            <>
              <p className={styles.hint}>{texts.editorHint}</p>
              <FilterEditor
                text={draft.text}
                onChange={(text) => change((old) => ({ ...old, text }))}
                faults={settled === draft ? live.lines : []}
              />
            </>
          )}
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

interface ViewChoiceProps {
  draft: Draft;
  onChange(draft: Draft): void;
}

/** Rules or JSON: the same filter, as far as rules can show it. */
function ViewChoice({ draft, onChange }: ViewChoiceProps) {
  const { strings } = useWords();
  const texts = strings.segments;
  const rules = useMemo(() => (draft.view === "json" ? asRules(draft, newIdempotencyKey) : draft), [draft]);
  return (
    <div className={styles.view}>
      <Choice
        label={texts.views}
        data={[
          { value: "rules", label: texts.rules, disabled: rules === null },
          { value: "json", label: texts.json },
        ]}
        value={draft.view}
        onChange={(view) => {
          if (view === "json") onChange(asJson(draft));
          else if (rules !== null) onChange(rules);
        }}
      />
      {rules === null && <p className={styles.hint}>{texts.jsonOnly}</p>}
    </div>
  );
}

interface RulesProps {
  draft: Draft;
  live: ReturnType<typeof useLiveCount>;
  onChange(edit: (draft: Draft) => Draft): void;
}

/** The rules view, once it is known what rules can speak of. */
function Rules({ draft, live, onChange }: RulesProps) {
  const query = useSegmentFields();
  const everyone = useEveryone();
  const added = useRef<string | null>(null);
  const builder = useMemo<Builder | null>(
    () =>
      query.data === undefined
        ? null
        : {
            fields: query.data,
            change: (edit) => onChange((old) => ({ ...old, root: edit(old.root) })),
            numbers: live.numbers,
            isEstimate: live.count?.isEstimate ?? false,
            everyone,
            faults: live.faults,
            added,
            newId: newIdempotencyKey,
          },
    [query.data, onChange, live, everyone],
  );
  if (builder === null) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <RowsSkeleton rows={3} />;
  }
  return (
    <BuilderContext value={builder}>
      <GroupEditor group={draft.root} depth={1} />
    </BuilderContext>
  );
}
