import "@mantine/charts/styles.layer.css";
import { BarChart, LineChart } from "@mantine/charts";
import { useDirection } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import tooltip from "../behaviours/TrendChart.module.css";
import styles from "./DayByDay.module.css";
import type { DayChartData } from "./dayCharts.ts";

/**
 * Some numbers of each day. From left to right in Persian, too; only the texts turn. Hidden from screen readers, which have
 * the table.
 */
export function DayChart({ chart, height }: { chart: DayChartData; height: number }) {
  const { format } = useWords();
  const { dir } = useDirection();
  // The drawing is left to right, so a text of the other direction has to say its own. UAX #9.
  const turn = (text: string) => (dir === "rtl" ? `\u2067${text}\u2069` : text);
  const data = chart.days.map((day, index) => ({ ...chart.points[index], day }));
  const common = {
    ...{ h: height, data, dataKey: "day", accessibilityLayer: false, tickLine: "none" as const },
    series: chart.series.map(({ name, color }) => ({ name, color })),
    xAxisProps: {
      // At noon it is the same day in every time zone but the very last ones.
      tickFormatter: (day: string) => turn(format.shortDate(`${day}T12:00:00Z`)),
      interval: "equidistantPreserveStart" as const,
      minTickGap: 24,
      padding: { left: 12, right: 12 },
    },
    yAxisProps: {
      // Every line has its number: the library leaves out the one below the top.
      interval: 0 as const,
      ...{ width: "auto" as const, allowDecimals: false },
      tickFormatter: (value: number) => turn(format.compact(value)),
    },
    tooltipProps: {
      content: ({ active, payload }: { active?: boolean; payload?: readonly { payload?: unknown }[] }) => {
        const point = payload?.[0]?.payload as (typeof data)[number] | undefined;
        if (!active || point === undefined) return null;
        return <DayTip chart={chart} point={point} dir={dir} />;
      },
    },
  };
  return (
    <div aria-hidden>
      <div dir="ltr" className={tooltip.chart}>
        {chart.isLevel ? (
          <LineChart {...common} curveType="linear" strokeWidth={2} withDots={data.length < 10} />
        ) : (
          <BarChart
            {...common}
            type="stacked"
            maxBarWidth={28}
            barProps={{ radius: chart.series.length === 1 ? [3, 3, 0, 0] : 0, isAnimationActive: false }}
          />
        )}
      </div>
      {chart.series.length > 1 && (
        <ul className={styles.legend}>
          {chart.series.map(({ name, label, color }) => (
            <li key={name}>
              <span className={styles.dot} style={{ background: color }} />
              {label}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface DayTipProps {
  chart: DayChartData;
  point: Record<string, unknown> & { day: string };
  dir: "ltr" | "rtl";
}

function DayTip({ chart, point, dir }: DayTipProps) {
  const { strings, format } = useWords();
  return (
    <div className={tooltip.tooltip} dir={dir}>
      <span className="faint">{format.calendarDay(point.day)}</span>
      {chart.series.map(({ name, label }) => {
        const value = point[name];
        return (
          <span key={name}>
            <strong className="number">
              {typeof value === "number" ? format.number(value) : strings.common.none}
            </strong>{" "}
            {label}
          </span>
        );
      })}
    </div>
  );
}
