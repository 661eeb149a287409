import { IconFilter } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEventNames, useFunnel } from "../../api/events.ts";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import styles from "./Analysis.module.css";
import { Analysis } from "./Analysis.tsx";
import { BehaviourTabs } from "./BehaviourTabs.tsx";
import { FirstEvent } from "./FirstEvent.tsx";
import { FunnelResult } from "./FunnelResult.tsx";
import { ScopeFields } from "./ScopeFields.tsx";
import { StepList } from "./StepList.tsx";
import { type FunnelSettings, rangeOf, readFunnel } from "./settings.ts";
import { useScope } from "./useScope.ts";
import { WithinField } from "./WithinField.tsx";

/** How many go from step to step. The address holds the question. */
export function FunnelPage() {
  const { strings } = useWords();
  const texts = strings.behaviours;
  const settings = useSearch({ from: "/shell/behaviours/funnel" });
  const navigate = useNavigate();
  const { steps = [], order = "strict", segment } = settings;
  const within = order === "strict" ? settings.within : undefined;
  const range = rangeOf(settings, "30d");
  const chosen = steps.filter((step) => step !== "");
  const query = useFunnel({ step: chosen, order, withinHours: within }, useScope(range, segment));
  const isEmptyApp = useEventNames().data?.length === 0;
  const change = (changed: FunnelSettings) =>
    void navigate({
      to: "/behaviours/funnel",
      search: (before) => readFunnel({ ...before, ...changed }),
      replace: true,
    });
  return (
    <>
      <PageHeader title={texts.funnel} lead={texts.funnelLead} />
      <BehaviourTabs scope={settings} />
      {isEmptyApp ? (
        <FirstEvent />
      ) : (
        <div className={styles.stack}>
          <Card title={texts.steps} hint={texts.stepsHint}>
            <StepList steps={steps} onChange={(next) => change({ steps: next })} />
            <div className={styles.fields}>
              <div>
                <Choice
                  label={texts.order}
                  data={(["strict", "any"] as const).map((value) => ({ value, label: texts.orders[value] }))}
                  value={order}
                  onChange={(next) => change({ order: next === "any" ? next : undefined })}
                />
                <p className={styles.hint}>{texts.orderHints[order]}</p>
              </div>
              {order === "strict" && (
                <WithinField hours={within} onChange={(hours) => change({ within: hours })} />
              )}
              <ScopeFields range={range} segment={segment} onChange={change} />
            </div>
          </Card>
          <Card>
            {chosen.length < 2 ? (
              <EmptyState
                icon={<IconFilter size={22} stroke={1.6} />}
                title={texts.funnelEmpty}
                hint={texts.funnelEmptyHint}
              />
            ) : (
              <Analysis query={query}>
                {(funnel) => <FunnelResult funnel={funnel} order={order} within={within} />}
              </Analysis>
            )}
          </Card>
        </div>
      )}
    </>
  );
}
