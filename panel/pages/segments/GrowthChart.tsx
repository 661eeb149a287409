import "@mantine/charts/styles.layer.css";
import { BarChart } from "@mantine/charts";
import { useDirection } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import styles from "../behaviours/TrendChart.module.css";

interface GrowthChartProps {
  days: readonly { day: string; users: number }[];
  height: number;
}

/** Users day by day, from left to right in Persian, too. Hidden from screen readers: they get a sentence. */
export function GrowthChart({ days, height }: GrowthChartProps) {
  const { strings, format } = useWords();
  const { dir } = useDirection();
  // The drawing is left to right, so a text of the other direction has to say its own. UAX #9.
  const turn = (text: string) => (dir === "rtl" ? `\u2067${text}\u2069` : text);
  return (
    <div dir="ltr" aria-hidden className={styles.chart}>
      <BarChart
        h={height}
        data={[...days]}
        dataKey="day"
        series={[{ name: "users", color: "var(--accent)" }]}
        accessibilityLayer={false}
        maxBarWidth={36}
        tickLine="none"
        barProps={{ radius: [3, 3, 0, 0] }}
        xAxisProps={{
          // At noon it is the same day in every time zone but the very last ones.
          tickFormatter: (day: string) => turn(format.shortDate(`${day}T12:00:00Z`)),
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
            const day: unknown = payload?.[0]?.payload?.day;
            const point = days.find((item) => item.day === day);
            if (!active || point === undefined) return null;
            return (
              <div className={styles.tooltip} dir={dir}>
                <span className="faint">{format.calendarDay(point.day)}</span>
                <strong className="number">
                  {strings.segments.numbers.users(point.users, format.number(point.users))}
                </strong>
              </div>
            );
          },
        }}
      />
    </div>
  );
}
