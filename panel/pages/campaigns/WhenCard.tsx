import { Stack } from "@mantine/core";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { DayField } from "../../ui/DayField.tsx";
import { dayIn, nextDay } from "../../ui/days.ts";
import { useWords } from "../../ui/language.tsx";
import { TimeField } from "../../ui/TimeField.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import { NextRuns } from "./NextRuns.tsx";
import styles from "./Plan.module.css";
import { isUsersOwn, noPlan, type PlanFault, type PlanValues } from "./plan.ts";
import { Recurrence } from "./Recurrence.tsx";
import { ZoneSelect } from "./ZoneSelect.tsx";

/** What every part of the plan is given. */
export interface PlanPartProps {
  plan: PlanValues;
  change(next: Partial<PlanValues>): void;
  /** In words what is wrong with a field. */
  faultAt(...fields: PlanFault[]): string | undefined;
}

interface WhenCardProps extends PartProps {
  step: number;
  planFaults: ReadonlySet<PlanFault>;
  /** When it would go, of what is saved; null before it is known. */
  next: readonly string[] | null;
}

const kinds = ["now", "at", "recurring"] as const;

/** When it goes: now, at a time, or again and again; by whose clock. */
export function WhenCard({ values, set, faults, step, planFaults, next }: WhenCardProps) {
  const { strings, format } = useWords();
  const texts = strings.plan.when;
  const app = useApp();
  const { plan } = values;
  const change = (part: Partial<PlanValues>) => set({ plan: { ...plan, ...part } });
  const faultAt = (...fields: PlanFault[]) => {
    const found = fields.find((field) => planFaults.has(field));
    return found === undefined ? undefined : texts.faults[found];
  };
  const choose = (when: PlanValues["when"]) =>
    change({
      when,
      // Tomorrow at ten is a better start than a blank.
      ...(when !== "now" && plan.day === "" && { day: nextDay(dayIn(new Date(), app.timeZone)) }),
      ...(when !== "now" && plan.time === "" && { time: noPlan.time }),
    });
  return (
    <Card title={texts.title} step={format.number(step)}>
      <Stack gap="md">
        <Choice
          label={texts.label}
          data={kinds.map((value) => ({ value, label: texts.kinds[value] }))}
          value={plan.when}
          onChange={choose}
        />
        {plan.when === "now" && <p className={styles.hint}>{texts.nowHint}</p>}
        {plan.when === "recurring" && <Recurrence plan={plan} change={change} faultAt={faultAt} />}
        {plan.when !== "now" && (
          <>
            <div className={styles.row}>
              <DayField
                label={plan.when === "at" ? texts.day : texts.from}
                value={plan.day}
                onChange={(day) => change({ day })}
                error={faultAt("day", "past")}
              />
              <TimeField
                label={texts.time}
                value={plan.time}
                onChange={(time) => change({ time })}
                error={faultAt("time")}
              />
              <ZoneSelect
                label={texts.zone}
                value={plan.zone}
                appZone={app.timeZone}
                withUsersOwn
                onChange={(zone) => change({ zone })}
              />
            </div>
            {isUsersOwn(plan) && <p className={styles.hint}>{texts.usersHint}</p>}
            <NextRuns
              next={next}
              isRecurring={plan.when === "recurring"}
              isUsersOwn={isUsersOwn(plan)}
              appZone={plan.zone === "" || plan.zone === app.timeZone ? null : app.timeZone}
            />
          </>
        )}
        {faults.schedule !== undefined && (
          <p className={styles.fault} role="alert">
            {faults.schedule}
          </p>
        )}
      </Stack>
    </Card>
  );
}
