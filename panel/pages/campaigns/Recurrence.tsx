import { Chip, Group, Input, Select, TextInput } from "@mantine/core";
import { belowInput } from "../../ui/belowInput.ts";
import { Choice } from "../../ui/Choice.tsx";
import { DayField } from "../../ui/DayField.tsx";
import { useLanguage, useWords } from "../../ui/language.tsx";
import styles from "./Plan.module.css";
import { everies, type Weekday, weekdays } from "./plan.ts";
import type { PlanPartProps } from "./WhenCard.tsx";

const ends = ["never", "until", "runs"] as const;

/** How often it goes, on which days, and until when. */
export function Recurrence({ plan, change, faultAt }: PlanPartProps) {
  const { strings } = useWords();
  const texts = strings.plan.when;
  return (
    <>
      <div className={styles.row}>
        <TextInput
          label={texts.every}
          inputMode="numeric"
          maxLength={3}
          value={plan.interval}
          onChange={({ currentTarget }) => change({ interval: currentTarget.value })}
          error={faultAt("interval")}
        />
        <Select
          label={texts.everyUnit}
          allowDeselect={false}
          data={everies.map((value) => ({ value, label: texts.units[value] }))}
          value={plan.every}
          onChange={(value) => {
            const every = everies.find((one) => one === value);
            if (every !== undefined) change({ every });
          }}
        />
        {plan.every === "month" && (
          <TextInput
            label={texts.monthDay}
            inputMode="numeric"
            maxLength={2}
            value={plan.monthDay}
            onChange={({ currentTarget }) => change({ monthDay: currentTarget.value })}
            error={faultAt("monthDay")}
          />
        )}
      </div>
      {plan.every === "month" && <p className={styles.hint}>{texts.monthDayHint}</p>}
      {plan.every === "week" && <Weekdays plan={plan} change={change} />}
      <div className={styles.row}>
        <Choice
          label={texts.ends}
          data={ends.map((value) => ({ value, label: texts.endKinds[value] }))}
          value={plan.end}
          onChange={(end) => change({ end })}
        />
        {plan.end === "until" && (
          <DayField
            label={texts.until}
            value={plan.until}
            onChange={(until) => change({ until })}
            error={faultAt("until")}
          />
        )}
        {plan.end === "runs" && (
          <TextInput
            label={texts.runs}
            inputMode="numeric"
            maxLength={4}
            value={plan.runs}
            onChange={({ currentTarget }) => change({ runs: currentTarget.value })}
            error={faultAt("runs")}
          />
        )}
      </div>
    </>
  );
}

function Weekdays({ plan, change }: Pick<PlanPartProps, "plan" | "change">) {
  const { strings } = useWords();
  const { language } = useLanguage();
  const texts = strings.plan.when;
  // A Persian week begins on Saturday.
  const shown = language === "fa" ? [...weekdays.slice(5), ...weekdays.slice(0, 5)] : weekdays;
  return (
    <Input.Wrapper
      label={texts.weekdays}
      labelElement="div"
      description={texts.weekdaysHint}
      inputWrapperOrder={belowInput}
    >
      <Chip.Group
        multiple
        value={plan.weekdays}
        onChange={(chosen) =>
          change({ weekdays: weekdays.filter((day): day is Weekday => chosen.includes(day)) })
        }
      >
        <Group gap={6} mb={6}>
          {shown.map((day) => (
            <Chip key={day} value={day} size="sm" radius="md">
              {texts.weekdayNames[day]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}
