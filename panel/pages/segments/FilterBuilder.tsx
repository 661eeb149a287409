import { useMemo, useRef } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import { useEveryone, useSegmentFields } from "../../api/segments.ts";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { type Builder, BuilderContext } from "./builderContext.ts";
import { asJson, asRules, type Draft } from "./draft.ts";
import { FilterEditor } from "./FilterEditor.tsx";
import { GroupEditor } from "./GroupEditor.tsx";
import styles from "./SegmentBuilder.module.css";
import type { LiveCount } from "./useLiveCount.ts";

interface FilterBuilderProps {
  draft: Draft;
  live: LiveCount;
  /** Nobody has typed for a moment, so faults in the JSON stand where they are. */
  isSettled: boolean;
  onChange(edit: (draft: Draft) => Draft): void;
}

/** Writes a filter, as rules to click together or as JSON. */
export function FilterBuilder({ draft, live, isSettled, onChange }: FilterBuilderProps) {
  const { strings } = useWords();
  return (
    <>
      <ViewChoice draft={draft} onChange={(next) => onChange(() => next)} />
      {draft.view === "rules" ? (
        <Rules draft={draft} live={live} onChange={onChange} />
      ) : (
        <>
          <p className={styles.hint}>{strings.segments.editorHint}</p>
          <FilterEditor
            text={draft.text}
            onChange={(text) => onChange((old) => ({ ...old, text }))}
            faults={isSettled ? live.lines : []}
          />
        </>
      )}
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
  live: LiveCount;
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
