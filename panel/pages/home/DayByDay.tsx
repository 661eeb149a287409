import { Button, SegmentedControl, Skeleton } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useDashboard } from "../../api/dashboard.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { dayIn, nextDay } from "../../ui/days.ts";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import styles from "./DayByDay.module.css";
import { DayTable } from "./DayTable.tsx";
import { type DayChartData, dayCharts, isBlank } from "./dayCharts.ts";
import { Failures } from "./Failures.tsx";

// The chart library is larger than the rest of the panel.
const DayChart = lazy(async () => ({ default: (await import("./DayChart.tsx")).DayChart }));

const ranges = ["7", "30"] as const;

/** What came on each of the last days, drawn or as a table. */
export function DayByDay() {
  const { strings, format } = useWords();
  const texts = strings.home.charts;
  const { timeZone } = useApp();
  const [range, setRange] = useState<string>(ranges[0]);
  const [isTable, setTable] = useState(false);
  const today = dayIn(new Date(), timeZone);
  const query = useDashboard({ from: nextDay(today, 1 - Number(range)), to: today });
  const { data } = query;
  return (
    <section className={styles.wrap} aria-label={texts.title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{texts.title}</h2>
        <SegmentedControl
          size="xs"
          aria-label={texts.range}
          value={range}
          onChange={setRange}
          data={ranges.map((days) => ({ value: days, label: texts.days(format.number(Number(days))) }))}
        />
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={isTable ? <IconChartBar size={15} aria-hidden /> : <IconTable size={15} aria-hidden />}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? texts.asCharts : texts.asTable}
        </Button>
      </div>
      {data === undefined ? (
        query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={200} role="status" aria-label={strings.common.loading} />
        )
      ) : isTable ? (
        <DayTable days={data.days} />
      ) : (
        <div className={styles.charts}>
          {dayCharts(data.days, strings).map((chart) => (
            <ChartCard key={chart.key} chart={chart} />
          ))}
        </div>
      )}
      {data !== undefined && <Failures failures={data.failures} />}
    </section>
  );
}

const height = 150;

function ChartCard({ chart }: { chart: DayChartData }) {
  const { strings, format } = useWords();
  const texts = strings.home.charts;
  return (
    <Card
      title={chart.title}
      hint={chart.total === null ? chart.hint : texts.total(format.number(chart.total))}
    >
      {isBlank(chart) ? (
        <p className={`${styles.nothing} faint`}>{chart.isLevel ? texts.noReach : texts.nothing}</p>
      ) : (
        <Suspense fallback={<Skeleton height={height} />}>
          <DayChart chart={chart} height={height} />
        </Suspense>
      )}
    </Card>
  );
}
