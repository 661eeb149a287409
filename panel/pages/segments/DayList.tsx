import { Button, Pill } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { DayField } from "../../ui/DayField.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./Values.module.css";

interface DayListProps {
  label: string;
  /** `YYYY-MM-DD` */
  days: readonly string[];
  onChange(days: string[]): void;
}

/** Several days, added one by one. */
export function DayList({ label, days, onChange }: DayListProps) {
  const { strings, format } = useWords();
  const texts = strings.segments.values;
  const [day, setDay] = useState("");
  const add = () => {
    onChange([...new Set([...days, day])]);
    setDay("");
  };
  return (
    <div className={styles.days}>
      <div className={styles.add}>
        <DayField label={label} isLabelHidden value={day} onChange={setDay} />
        <Button variant="default" disabled={day === ""} onClick={add} leftSection={<IconPlus size={14} />}>
          {texts.addDay}
        </Button>
      </div>
      <div className={styles.pills}>
        {days.map((item) => (
          <Pill
            key={item}
            withRemoveButton
            onRemove={() => onChange(days.filter((other) => other !== item))}
            removeButtonProps={{
              "aria-label": texts.removeDay(format.calendarDay(item)),
              "aria-hidden": false,
              tabIndex: 0,
            }}
          >
            {format.calendarDay(item)}
          </Pill>
        ))}
      </div>
    </div>
  );
}
