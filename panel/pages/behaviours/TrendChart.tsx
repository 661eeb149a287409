import "@mantine/charts/styles.layer.css";
import { BarChart } from "@mantine/charts";
import { useDirection } from "@mantine/core";
import type { Series } from "../../../server/events/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { axisText, intervalText } from "./intervalText.ts";
import type { Measure } from "./settings.ts";
import styles from "./TrendChart.module.css";

/** Hours of up to two days are told apart by the clock alone. */
const clockPoints = 48;

/**
 * One measure of an event over time. Bars, since a line would hide a lone day among days without. Time runs from left to right in
 * Persian, too, as its newspapers and banks draw it; only the texts turn. Hidden from screen readers: they get the table.
 */
export function TrendChart({ series, measure }: { series: Series; measure: Measure }) {
  const { strings, format } = useWords();
  const { dir } = useDirection();
  const { points, interval } = series;
  // The drawing is left to right, so a text of the other direction has to say its own: "۲ دی", not "دی ۲". UAX #9.
  const turn = (text: string) => (dir === "rtl" ? `\u2067${text}\u2069` : text);
  const isOneDay = points.length <= clockPoints;
  return (
    <div dir="ltr" aria-hidden className={styles.chart}>
      <BarChart
        h={280}
        data={points}
        dataKey="at"
        series={[{ name: measure, color: "var(--accent)" }]}
        accessibilityLayer={false}
        maxBarWidth={36}
        tickLine="none"
        barProps={{ radius: [3, 3, 0, 0] }}
        xAxisProps={{
          tickFormatter: (at: string) => turn(axisText(at, interval, isOneDay, format)),
          interval: "equidistantPreserveStart",
          minTickGap: 24,
          padding: { left: 12, right: 12 },
        }}
        yAxisProps={{
          width: "auto",
          allowDecimals: measure === "sum" || measure === "average",
          tickFormatter: (value: number) => turn(format.compact(value)),
        }}
        tooltipProps={{
          content: ({ active, payload }) => {
            const at: unknown = payload?.[0]?.payload?.at;
            const point = points.find((item) => item.at === at);
            if (!active || point === undefined) return null;
            const value = point[measure];
            return (
              <div className={styles.tooltip} dir={dir}>
                <span className="faint">{intervalText(point.at, interval, format)}</span>
                <strong className="number">
                  {value === null ? strings.common.none : format.decimal(value)}
                </strong>
                <span>{strings.behaviours[measure]}</span>
              </div>
            );
          },
        }}
      />
    </div>
  );
}
