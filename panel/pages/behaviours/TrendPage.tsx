import { IconChartBar } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEventNames, useSeries } from "../../api/events.ts";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import styles from "./Analysis.module.css";
import { Analysis } from "./Analysis.tsx";
import { BehaviourTabs } from "./BehaviourTabs.tsx";
import { EventSelect } from "./EventSelect.tsx";
import { FirstEvent } from "./FirstEvent.tsx";
import { fitInterval, intervalsFor } from "./range.ts";
import { ScopeFields } from "./ScopeFields.tsx";
import { intervals, measures, rangeOf, readTrend, type TrendSettings } from "./settings.ts";
import { Trend } from "./Trend.tsx";
import { useScope } from "./useScope.ts";

/** Beyond this the server refuses. */
const maxPoints = 1000;

/** One behaviour over time. The address holds what is shown. */
export function TrendPage() {
  const { strings } = useWords();
  const texts = strings.behaviours;
  const settings = useSearch({ from: "/shell/behaviours/trend" });
  const navigate = useNavigate();
  const { name, segment, measure = "count" } = settings;
  const range = rangeOf(settings, "30d");
  const fitting = intervalsFor(range, intervals, maxPoints);
  const interval = fitInterval(settings.interval ?? (range === "24h" ? "hour" : "day"), fitting, "month");
  const query = useSeries(name, interval, useScope(range, segment));
  const isEmptyApp = useEventNames().data?.length === 0;
  const analysis = (
    <Analysis query={query}>{(series) => <Trend series={series} measure={measure} />}</Analysis>
  );
  // The answer brings its own cards.
  const result = query.data === undefined || query.isError ? <Card>{analysis}</Card> : analysis;
  const change = (changed: TrendSettings) =>
    void navigate({
      to: "/behaviours/trend",
      search: (before) => readTrend({ ...before, ...changed }),
      replace: true,
    });
  return (
    <>
      <PageHeader title={name ?? texts.trend} lead={name === undefined ? texts.lead : texts.trend} />
      <BehaviourTabs scope={settings} />
      {isEmptyApp ? (
        <FirstEvent />
      ) : (
        <div className={styles.stack}>
          <Card>
            <div className={styles.fields}>
              <EventSelect label={texts.name} value={name} onChange={(chosen) => change({ name: chosen })} />
              <ScopeFields range={range} segment={segment} onChange={change} />
              <Choice
                label={texts.interval}
                data={intervals.map((value) => ({
                  value,
                  label: texts.intervals[value],
                  disabled: !fitting.includes(value),
                }))}
                value={interval}
                onChange={(chosen) => change({ interval: chosen })}
              />
              <Choice
                label={texts.measure}
                data={measures.map((value) => ({ value, label: texts[value] }))}
                value={measure}
                onChange={(chosen) => change({ measure: chosen })}
              />
            </div>
          </Card>
          {name === undefined ? (
            <Card>
              <EmptyState
                icon={<IconChartBar size={22} stroke={1.6} />}
                title={texts.choose}
                hint={texts.chooseHint}
              />
            </Card>
          ) : (
            result
          )}
        </div>
      )}
    </>
  );
}
