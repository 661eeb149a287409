import { Button } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Behaviour } from "../../../server/events/schema.ts";
import { useBehaviours } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./BehavioursCard.module.css";

/** An app may have a thousand names; the latest are what is looked for. */
const shownAtFirst = 5;

/** What somebody's events of each name add up to, the latest first. */
export function BehavioursCard({ userId }: { userId: string }) {
  const { strings } = useWords();
  const texts = strings.users.behaviours;
  return (
    <Card flush title={texts.title} hint={texts.hint}>
      <Behaviours userId={userId} />
    </Card>
  );
}

function Behaviours({ userId }: { userId: string }) {
  const { strings, format } = useWords();
  const texts = strings.users.behaviours;
  const query = useBehaviours(userId);
  const columns = useColumns();
  const [isWhole, setWhole] = useState(false);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <RowsSkeleton rows={3} />;
  }
  if (query.data.length === 0) {
    return (
      <EmptyState
        icon={<IconActivity size={22} stroke={1.6} />}
        title={texts.empty}
        hint={strings.users.timeline.noEventsHint}
      />
    );
  }
  const rows = isWhole ? query.data : query.data.slice(0, shownAtFirst);
  const rest = query.data.length - rows.length;
  return (
    <>
      <DataTable label={texts.title} columns={columns} rows={rows} rowKey={(row) => row.name} />
      {rest > 0 && (
        <div className={styles.more}>
          <Button variant="subtle" size="xs" onClick={() => setWhole(true)}>
            {strings.common.showMore(format.number(rest))}
          </Button>
        </div>
      )}
    </>
  );
}

function useColumns(): Column<Behaviour>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.users.behaviours;
    const none = <span className="faint">{strings.common.none}</span>;
    const figure = (key: "sum" | "average" | "min" | "max", width: string): Column<Behaviour> => ({
      key,
      title: texts[key],
      isNumber: true,
      width,
      render: (row) => (row[key] === null ? none : format.number(row[key])),
    });
    return [
      {
        key: "name",
        title: texts.name,
        render: ({ name }) => (
          <Link to="/behaviours/trend" search={{ name }} className={`${rowLink} ${styles.name}`} title={name}>
            <bdi>{name}</bdi>
          </Link>
        ),
      },
      {
        key: "count",
        title: texts.count,
        isNumber: true,
        width: "7%",
        render: (row) => format.number(row.count),
      },
      { key: "lastAt", title: texts.lastAt, width: "13%", render: (row) => <Time iso={row.lastAt} ago /> },
      {
        key: "lastValue",
        title: texts.lastValue,
        isNumber: true,
        width: "13%",
        render: ({ lastValue }) => {
          if (lastValue === null) return none;
          if (typeof lastValue === "number") return format.number(lastValue);
          return (
            <bdi className="clamp-1" title={lastValue}>
              {lastValue}
            </bdi>
          );
        },
      },
      figure("sum", "14%"),
      figure("average", "12%"),
      figure("min", "12%"),
      figure("max", "12%"),
    ];
  }, [strings, format]);
}
