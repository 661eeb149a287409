import "@mantine/charts/styles.layer.css";
import { BarChart } from "@mantine/charts";
import { useDirection } from "@mantine/core";
import type { MessageStatistics } from "../../../server/statistics/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { stateColors } from "../../ui/stateColors.ts";
import styles from "../behaviours/TrendChart.module.css";
import type { TrendMeasure } from "./trendMeasures.ts";

/** Longer steps than this are told apart by their day. */
const clockSeconds = 12 * 3600;

interface MessageTrendProps {
  trend: MessageStatistics["trend"];
  measure: TrendMeasure;
}

/** One measure of a message over time. Time runs from left to right in Persian, too; see the trend of behaviours. */
export function MessageTrend({ trend, measure }: MessageTrendProps) {
  const { strings, format } = useWords();
  const { dir } = useDirection();
  const turn = (text: string) => (dir === "rtl" ? `\u2067${text}\u2069` : text);
  const { step, points } = trend;
  const span = step * points.length;
  const axis = (at: string) =>
    step < clockSeconds && span <= 2 * 86_400 ? format.clock(at) : format.shortDate(at);
  return (
    <div dir="ltr" aria-hidden className={styles.chart}>
      <BarChart
        h={220}
        mt="md"
        data={points}
        dataKey="at"
        series={[{ name: measure, color: stateColors[measure] }]}
        accessibilityLayer={false}
        maxBarWidth={36}
        tickLine="none"
        barProps={{ radius: [3, 3, 0, 0], isAnimationActive: false }}
        xAxisProps={{
          tickFormatter: (at: string) => turn(axis(at)),
          interval: "equidistantPreserveStart",
          minTickGap: 24,
          padding: { left: 12, right: 12 },
        }}
        yAxisProps={{
          width: "auto",
          allowDecimals: false,
          tickFormatter: (value: number) => turn(format.compact(value)),
        }}
        tooltipProps={{
          content: ({ active, payload }) => {
            const at: unknown = payload?.[0]?.payload?.at;
            const point = points.find((item) => item.at === at);
            if (!active || point === undefined) return null;
            return (
              <div className={styles.tooltip} dir={dir}>
                <span className="faint">{format.dateTime(point.at)}</span>
                <strong className="number">{format.number(point[measure])}</strong>
                <span>{strings.results.statistics.measures[measure]}</span>
              </div>
            );
          },
        }}
      />
    </div>
  );
}
