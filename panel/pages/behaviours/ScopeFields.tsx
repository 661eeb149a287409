import { Select } from "@mantine/core";
import { useEffect, useState } from "react";
import { useApp } from "../../ui/appContext.ts";
import { DayField } from "../../ui/DayField.tsx";
import { useWords } from "../../ui/language.tsx";
import { asDays, type Range, spans } from "./range.ts";
import styles from "./ScopeFields.module.css";
import { SegmentChoice } from "./SegmentChoice.tsx";
import { asSettings, type ScopeSettings } from "./settings.ts";

interface ScopeFieldsProps {
  range: Range;
  segment: string | undefined;
  onChange(changed: ScopeSettings): void;
}

/** What an analysis looks at: from when to when, and of whom. */
export function ScopeFields({ range, segment, onChange }: ScopeFieldsProps) {
  const { strings } = useWords();
  const texts = strings.behaviours;
  const { timeZone } = useApp();
  const isOwn = typeof range !== "string";
  const choose = (chosen: string | null) => {
    const next = spans.find((span) => span === chosen) ?? asDays(range, Date.now(), timeZone);
    onChange(asSettings(next));
  };
  return (
    <>
      <Select
        label={texts.range}
        allowDeselect={false}
        data={[
          ...spans.map((span) => ({ value: span, label: texts.spans[span] })),
          { value: "own", label: texts.ownRange },
        ]}
        value={isOwn ? "own" : range}
        onChange={choose}
      />
      <SegmentChoice value={segment} onChange={(chosen) => onChange({ segment: chosen })} />
      {isOwn && <OwnDays days={range} onChange={(days) => onChange(asSettings(days))} />}
    </>
  );
}

interface Days {
  from: string;
  to: string;
}

function OwnDays({ days, onChange }: { days: Days; onChange(days: Days): void }) {
  const { strings } = useWords();
  const texts = strings.behaviours;
  // Both ends as typed; they are taken once they are in order.
  const [typed, setTyped] = useState(days);
  const { from, to } = days;
  useEffect(() => setTyped({ from, to }), [from, to]);
  const change = (next: Days) => {
    setTyped(next);
    if (next.from <= next.to && (next.from !== from || next.to !== to)) onChange(next);
  };
  return (
    <div className={styles.days}>
      <DayField
        label={texts.from}
        value={typed.from}
        onChange={(day) => change({ ...typed, from: day })}
        error={typed.from > typed.to ? texts.daysSwapped : undefined}
      />
      <DayField label={texts.to} value={typed.to} onChange={(day) => change({ ...typed, to: day })} />
      <p className={styles.calendar}>{texts.calendar}</p>
    </div>
  );
}
