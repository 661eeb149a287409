import { NumberInput, Select } from "@mantine/core";
import { useEffect, useState } from "react";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
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
  const { strings } = useWords();
  const texts = strings.behaviours;
  const [unit, setUnit] = useState<Unit>(hours !== undefined && hours % 24 === 0 ? "days" : "hours");
  const [amount, setAmount] = useState<string | number>(hours === undefined ? "" : hours / hoursIn[unit]);
  // The address may change from outside, by the back button.
  useEffect(() => setAmount(hours === undefined ? "" : hours / hoursIn[unit]), [hours, unit]);
  const max = maxWithinHours / hoursIn[unit];
  const write = (next: string | number) => {
    setAmount(next);
    if (next === "") onChange(undefined);
    else if (typeof next === "number" && next > 0 && next <= max) onChange(next * hoursIn[unit]);
  };
  return (
    <div className={styles.within}>
      <NumberInput
        label={texts.within}
        description={texts.withinHint}
        inputWrapperOrder={belowInput}
        min={0}
        max={max}
        value={amount}
        onChange={write}
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
          if (typeof amount === "number" && amount > 0)
            onChange(Math.min(amount * hoursIn[next], maxWithinHours));
        }}
      />
    </div>
  );
}
