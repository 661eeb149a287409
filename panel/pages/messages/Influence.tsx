import { useMemo } from "react";
import type { MessageStatistics } from "../../../server/statistics/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./Statistics.module.css";

type Influenced = MessageStatistics["influence"]["events"][number];

/** What people did within twelve hours of the message, and what it brought in. */
export function Influence({ influence }: { influence: MessageStatistics["influence"] }) {
  const { strings, format } = useWords();
  const texts = strings.results.statistics;
  const columns = useMemo<Column<Influenced>[]>(() => {
    const amount = (key: "direct" | "indirect" | "users" | "value", title: string): Column<Influenced> => ({
      key,
      title,
      width: "6.5rem",
      isNumber: true,
      render: (event) => format.decimal(event[key]),
    });
    return [
      { key: "name", title: texts.event, render: ({ name }) => <bdi className="mono">{name}</bdi> },
      amount("direct", texts.direct),
      amount("indirect", texts.indirect),
      amount("users", texts.people),
      amount("value", texts.value),
    ];
  }, [texts, format]);
  return (
    <Card
      flush
      title={texts.influence}
      hint={texts.influenceHint}
      actions={
        influence.revenue === 0 ? undefined : (
          <p className={styles.revenue}>
            <span className="faint">{texts.revenue}</span>{" "}
            <strong className="number">{format.decimal(influence.revenue)}</strong>
          </p>
        )
      }
    >
      <DataTable
        label={texts.influence}
        columns={columns}
        rows={influence.events}
        rowKey={({ name }) => name}
      />
    </Card>
  );
}
