import { IconCircleCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Import, ImportError } from "../../../server/imports/schema.ts";
import { useImportErrors } from "../../api/imports.ts";
import { usePagePlace } from "../../api/pages.ts";
import { DataList } from "../../ui/DataList.tsx";
import type { Column } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Reason } from "./Reason.tsx";

/** The rows that were rejected or replaced, each with its line and reason. */
export function RejectedRows({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const place = usePagePlace();
  const query = useImportErrors(item.id, place.cursor);
  const columns = useColumns();
  return (
    <DataList
      label={texts.rejectedRows}
      query={query}
      place={place}
      columns={columns}
      rowKey={(row) => `${row.line}-${row.code}-${row.column}-${row.detail}`}
      empty={
        <EmptyState
          icon={<IconCircleCheck size={22} stroke={1.6} />}
          title={item.status === "completed" ? texts.rejectedNone : texts.rejectedNoneYet}
          hint={item.status === "completed" ? texts.rejectedNoneHint : texts.rejectedNoneYetHint}
        />
      }
    />
  );
}

function useColumns(): Column<ImportError>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.imports;
    return [
      {
        key: "line",
        title: texts.line,
        width: "6.5rem",
        render: (row) => <span className="number">{format.number(row.line)}</span>,
        renderTitle: (row) => <strong>{strings.segments.line(format.number(row.line))}</strong>,
      },
      {
        key: "column",
        title: texts.column,
        width: "10rem",
        render: (row) => (row.column === null ? strings.common.none : <bdi>{row.column}</bdi>),
      },
      {
        key: "reason",
        title: texts.reason,
        render: (row) => <Reason code={row.code} detail={row.detail} />,
      },
      { key: "kind", title: texts.kind, width: "8rem", render: (row) => texts.kinds[row.outcome] },
    ];
  }, [strings, format]);
}
