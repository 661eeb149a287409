import { IconEqual } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Import, ImportChange } from "../../../server/imports/schema.ts";
import { useImportChanges } from "../../api/imports.ts";
import { usePagePlace } from "../../api/pages.ts";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState } from "../../ui/States.tsx";

/** Which rows to list; undefined is all of them. */
export type ChangeOutcome = ImportChange["outcome"] | undefined;

/** The rows that created or changed something, and whom. */
export function ChangedRows({ item, outcome }: { item: Import; outcome: ChangeOutcome }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const place = usePagePlace(outcome);
  const query = useImportChanges(item.id, outcome, place.cursor);
  const columns = useColumns(item.dryRun);
  return (
    <DataList
      label={texts.changedRows}
      query={query}
      place={place}
      columns={columns}
      rowKey={(row) => String(row.line)}
      empty={
        <EmptyState
          icon={<IconEqual size={22} stroke={1.6} />}
          title={texts.changesNone}
          hint={texts.changesNoneHint}
        />
      }
    />
  );
}

function useColumns(isDryRun: boolean): Column<ImportChange>[] {
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
      { key: "kind", title: texts.kind, width: "8rem", render: (row) => texts.kinds[row.outcome] },
      {
        key: "user",
        title: texts.user,
        render: ({ userId }) =>
          userId === null ? (
            <span className="faint">{isDryRun ? texts.userNotStored : texts.userGone}</span>
          ) : (
            <Link to="/users/$userId" params={{ userId }} className={`${rowLink} clamp-1`} title={userId}>
              <bdi>{userId}</bdi>
            </Link>
          ),
      },
      {
        key: "device",
        title: texts.device,
        render: ({ installationId }) =>
          installationId === null ? (
            <span className="faint">{strings.common.none}</span>
          ) : (
            <bdi className="mono clamp-1" title={installationId}>
              {installationId}
            </bdi>
          ),
      },
    ];
  }, [strings, format, isDryRun]);
}
