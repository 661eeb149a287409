import { Input, Select, TextInput } from "@mantine/core";
import { useEffect, useId, useState } from "react";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { readAmount } from "./readAmount.ts";
import { maxWithinHours } from "./settings.ts";
import styles from "./WithinField.module.css";

const hoursIn = { hours: 1, days: 24 } as const;
type Unit = keyof typeof hoursIn;

interface WithinFieldProps {
  hours: number | undefined;
  onChange(hours: number | undefined): void;
}

/** How long after the first step a step still counts, in hours or days. */
export function WithinField({ hours, onChange }: WithinFieldProps) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const id = useId();
  const [unit, setUnit] = useState<Unit>(hours !== undefined && hours % 24 === 0 ? "days" : "hours");
  const shown = hours === undefined ? "" : format.decimal(hours / hoursIn[unit]);
  const [text, setText] = useState(shown);
  // The address may change from outside, by the back button or the other unit.
  useEffect(() => setText(shown), [shown]);
  const max = maxWithinHours / hoursIn[unit];
  const take = () => {
    const amount = readAmount(text);
    if (text.trim() === "") onChange(undefined);
    else if (amount !== null && amount <= max) onChange(amount * hoursIn[unit]);
  };
  const isWrong = text.trim() !== "" && !((readAmount(text) ?? Number.POSITIVE_INFINITY) <= max);
  return (
    <Input.Wrapper
      id={id}
      label={texts.within}
      description={texts.withinHint}
      error={isWrong ? texts.withinWrong(format.number(max)) : undefined}
      inputWrapperOrder={belowInput}
    >
      <div className={styles.within}>
        <TextInput
          id={id}
          inputMode="decimal"
          value={text}
          error={isWrong}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onBlur={take}
          onKeyDown={({ key }) => key === "Enter" && take()}
        />
        <Select
          aria-label={texts.withinUnit}
          allowDeselect={false}
          data={(["hours", "days"] as const).map((value) => ({ value, label: texts.units[value] }))}
          value={unit}
          onChange={(chosen) => {
            const next: Unit = chosen === "days" ? "days" : "hours";
            setUnit(next);
            // The number stays, its unit changes.
            if (hours !== undefined)
              onChange(Math.min((hours / hoursIn[unit]) * hoursIn[next], maxWithinHours));
          }}
        />
      </div>
    </Input.Wrapper>
  );
}
