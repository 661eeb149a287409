import { Skeleton } from "@mantine/core";
import { IconCalendarOff } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { Series } from "../../../server/events/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState } from "../../ui/States.tsx";
import styles from "./Analysis.module.css";
import { ScopeNote } from "./Analysis.tsx";
import { Figures } from "./Figures.tsx";
import { type Measure, measures } from "./settings.ts";
import { TrendTable } from "./TrendTable.tsx";

// The chart library is larger than the rest of the panel.
const TrendChart = lazy(async () => ({ default: (await import("./TrendChart.tsx")).TrendChart }));

/** An event over time: its totals, a chart of one measure, and all numbers. */
export function Trend({ series, measure }: { series: Series; measure: Measure }) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const { total, interval } = series;
  const notes = [{ hour: "", day: "", week: texts.weekNote, month: texts.monthNote }[interval]];
  if (total.count === 0) {
    return (
      <Card>
        <EmptyState
          icon={<IconCalendarOff size={22} stroke={1.6} />}
          title={texts.notInRange(series.name)}
          hint={texts.notInRangeHint}
        />
        <ScopeNote answer={series} />
      </Card>
    );
  }
  const hints: Partial<Record<Measure, string>> = { users: texts.usersHint, average: texts.averageHint };
  // Without a number among the values there is nothing to add up.
  const figureOf = (key: Measure) =>
    total[key] === null || (key === "sum" && total.average === null)
      ? strings.common.none
      : format.decimal(total[key]);
  return (
    <div className={styles.stack}>
      <Card title={texts[measure]}>
        <Figures
          label={texts.totals}
          figures={measures.map((key) => ({
            name: texts[key],
            value: figureOf(key),
            hint: hints[key],
            isChosen: key === measure,
          }))}
        />
        <Suspense fallback={<Skeleton height={280} radius="md" />}>
          <TrendChart series={series} measure={measure} />
        </Suspense>
        <p className="visually-hidden">{texts.chartNote}</p>
        <ScopeNote answer={series} notes={notes} />
      </Card>
      <Card title={texts.numbers} flush>
        <TrendTable series={series} />
      </Card>
    </div>
  );
}
