import { useMemo } from "react";
import type { MessageStatistics } from "../../../server/statistics/schema.ts";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { trendMeasures } from "./trendMeasures.ts";

type Point = MessageStatistics["trend"]["points"][number];

/** The numbers of a trend, for whoever wants or needs them instead of the chart. */
export function TrendNumbers({ trend }: { trend: MessageStatistics["trend"] }) {
  const { strings, format } = useWords();
  const texts = strings.results.statistics;
  const columns = useMemo<Column<Point>[]>(
    () => [
      { key: "at", title: texts.time, render: ({ at }) => <Time iso={at} /> },
      ...trendMeasures.map(
        (name): Column<Point> => ({
          key: name,
          title: texts.measures[name],
          isNumber: true,
          render: (point) => format.number(point[name]),
        }),
      ),
    ],
    [texts, format],
  );
  return (
    <Folded title={texts.trendTable}>
      <DataTable label={texts.trendTable} columns={columns} rows={trend.points} rowKey={({ at }) => at} />
    </Folded>
  );
}
