import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { EventSummary } from "../../../server/events/schema.ts";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import type { SortKey } from "./settings.ts";

/** Columns of the list; their keys are what it can be sorted by. */
export function useEventColumns(): (Column<EventSummary> & { key: SortKey })[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.behaviours;
    const none = <span className="faint">{strings.common.none}</span>;
    const time = (iso: string) => (
      <time dateTime={iso} title={format.dateTime(iso)}>
        {format.date(iso)}
      </time>
    );
    return [
      {
        key: "name",
        title: texts.name,
        render: ({ name }) => (
          <Link to="/behaviours/trend" search={{ name }} className={rowLink} title={name}>
            <bdi>{name}</bdi>
          </Link>
        ),
      },
      {
        key: "count",
        title: texts.count,
        isNumber: true,
        width: "10%",
        render: ({ count }) => format.number(count),
      },
      {
        key: "users",
        title: texts.users,
        isNumber: true,
        width: "10%",
        render: ({ users }) => format.number(users),
      },
      {
        key: "sum",
        title: texts.sum,
        isNumber: true,
        width: "14%",
        // Without an average there was no number to add up.
        render: ({ sum, average }) => (average === null ? none : format.decimal(sum)),
      },
      {
        key: "average",
        title: texts.average,
        isNumber: true,
        width: "13%",
        render: ({ average }) => (average === null ? none : format.decimal(average)),
      },
      { key: "firstAt", title: texts.firstAt, width: "13%", render: ({ firstAt }) => time(firstAt) },
      { key: "lastAt", title: texts.lastAt, width: "13%", render: ({ lastAt }) => time(lastAt) },
    ];
  }, [strings, format]);
}
