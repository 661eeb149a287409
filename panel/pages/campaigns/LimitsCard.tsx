import { Checkbox, Stack, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSettings } from "../../api/settings.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./Plan.module.css";
import type { PlanFault, PlanValues } from "./plan.ts";

interface LimitsCardProps extends PartProps {
  step: number;
  planFaults: ReadonlySet<PlanFault>;
}

/** What a first part is, where nobody has said. */
const usualShare = "10";

/** How it treats people: quiet hours, frequency cap, pace, and a part that goes first. */
export function LimitsCard({ values, set, faults, step, planFaults }: LimitsCardProps) {
  const { strings, format } = useWords();
  const texts = strings.plan.limits;
  const { plan } = values;
  const change = (next: Partial<PlanValues>) => set({ plan: { ...plan, ...next } });
  const faultAt = (name: PlanFault) => (planFaults.has(name) ? strings.plan.when.faults[name] : undefined);
  const settings = useSettings().data;
  const quiet = settings?.quietHours ?? null;
  const cap = settings?.frequencyCap ?? null;
  return (
    <Card title={texts.title} step={format.number(step)}>
      <Stack gap="md">
        <Checkbox
          label={texts.quietHours}
          description={
            <OfApp isSet={quiet !== null} isKnown={settings !== undefined}>
              {quiet === null
                ? texts.quietNone
                : texts.quietSet(format.timeOfDay(quiet.from), format.timeOfDay(quiet.to))}
            </OfApp>
          }
          checked={plan.quietHours}
          onChange={({ currentTarget }) => change({ quietHours: currentTarget.checked })}
        />
        <Checkbox
          label={texts.cap}
          description={
            <OfApp isSet={cap !== null} isKnown={settings !== undefined}>
              {cap === null
                ? texts.capNone
                : texts.capSet(format.number(cap.messages), format.number(cap.hours))}
            </OfApp>
          }
          checked={plan.cap}
          onChange={({ currentTarget }) => change({ cap: currentTarget.checked })}
        />
        <TextInput
          className={styles.narrow ?? ""}
          label={texts.throttle}
          description={texts.throttleHint}
          inputWrapperOrder={belowInput}
          inputMode="numeric"
          maxLength={9}
          value={plan.throttle}
          onChange={({ currentTarget }) => change({ throttle: currentTarget.value })}
          error={faultAt("throttle")}
        />
        <Checkbox
          label={texts.rollout}
          description={texts.rolloutHint}
          checked={plan.rollout !== null}
          onChange={({ currentTarget }) => change({ rollout: currentTarget.checked ? usualShare : null })}
        />
        {plan.rollout !== null && (
          <div className={styles.under}>
            <TextInput
              className={styles.narrow ?? ""}
              label={texts.rolloutShare}
              inputMode="numeric"
              maxLength={2}
              value={plan.rollout}
              onChange={({ currentTarget }) => change({ rollout: currentTarget.value })}
              error={faultAt("rollout") ?? faultAt("both")}
            />
          </div>
        )}
        {faults.limits !== undefined && (
          <p className={styles.fault} role="alert">
            {faults.limits}
          </p>
        )}
      </Stack>
    </Card>
  );
}

/** What the app has set, and where to change it. */
function OfApp({ isSet, isKnown, children }: { isSet: boolean; isKnown: boolean; children: ReactNode }) {
  const { strings } = useWords();
  if (!isKnown) return <>&nbsp;</>;
  return (
    <>
      {children}{" "}
      {!isSet && (
        <Link to="/settings" className="text-link">
          {strings.plan.limits.toSettings}
        </Link>
      )}
    </>
  );
}
