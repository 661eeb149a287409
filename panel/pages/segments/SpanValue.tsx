import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { readSpan, type Span, spanUnits, writeSpan } from "../../ui/rules.ts";
import styles from "./Values.module.css";
import type { ValueProps } from "./valueProps.ts";
import { readNumber } from "./values.ts";

/** What the fields hold while an amount is typed, which may be none yet. */
type Draft = Pick<Span, "unit" | "isAhead"> & { amount: string };

interface SpanValueProps extends Pick<ValueProps, "operator" | "value" | "onChange"> {
  /** It always lies in the past. */
  isPastOnly?: boolean;
}

/** A time seen from now: a number, its unit, and whether it lies back or ahead. */
export function SpanValue({ operator, value, onChange, isPastOnly }: SpanValueProps) {
  const { strings, format } = useWords();
  const texts = strings.segments.values;
  const [draft, setDraft] = useState<Draft>(() => {
    const span = readSpan(value) ?? { amount: 7, unit: "d", isAhead: false };
    return { ...span, amount: format.plain(span.amount) };
  });
  const amountOf = (text: string) => {
    const amount = readNumber(text) ?? 0;
    return Number.isInteger(amount) && amount > 0 ? amount : null;
  };
  const put = (changed: Partial<Draft>) => {
    const next = { ...draft, ...changed };
    setDraft(next);
    const amount = amountOf(next.amount);
    onChange(amount === null ? undefined : writeSpan({ ...next, amount }));
  };
  const isWithin = operator === "within";
  return (
    <div className={isPastOnly ? styles.pastSpan : styles.span}>
      <TextInput
        aria-label={texts.amount}
        inputMode="numeric"
        value={draft.amount}
        error={draft.amount.trim() !== "" && amountOf(draft.amount) === null ? texts.amountWrong : undefined}
        onChange={({ currentTarget }) => put({ amount: currentTarget.value })}
      />
      <Select
        aria-label={texts.unit}
        allowDeselect={false}
        data={spanUnits.map((unit) => ({ value: unit, label: texts.units[unit] }))}
        value={draft.unit}
        onChange={(chosen) => {
          const unit = spanUnits.find((item) => item === chosen);
          if (unit !== undefined) put({ unit });
        }}
      />
      {!isPastOnly && (
        <Select
          aria-label={texts.direction}
          allowDeselect={false}
          data={[
            { value: "back", label: isWithin ? texts.past : texts.ago },
            { value: "ahead", label: isWithin ? texts.next : texts.fromNow },
          ]}
          value={draft.isAhead ? "ahead" : "back"}
          onChange={(chosen) => put({ isAhead: chosen === "ahead" })}
        />
      )}
    </div>
  );
}
