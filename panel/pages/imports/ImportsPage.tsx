import { IconFileImport } from "@tabler/icons-react";
import { Link, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { useImport, useImports } from "../../api/imports.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { ImportBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { Duration } from "./Duration.tsx";
import { FileGuide } from "./FileGuide.tsx";
import styles from "./ImportsPage.module.css";
import { UploadZone } from "./UploadZone.tsx";

/** Bring a file in, and see what became of earlier ones. */
export function ImportsPage() {
  const { strings } = useWords();
  const texts = strings.imports;
  const place = usePagePlace();
  const query = useImports(place.cursor);
  const columns = useColumns();
  const search = useSearch({ from: "/shell/imports" });
  const again = useImport(search.again).data;
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <div className={styles.top}>
        <UploadZone again={again} country={query.data?.data[0]?.options.country ?? null} />
        <FileGuide />
      </div>
      <Card flush title={texts.history}>
        <DataList
          label={texts.history}
          query={query}
          place={place}
          columns={columns}
          rowKey={(item) => item.id}
          empty={
            <EmptyState
              icon={<IconFileImport size={22} stroke={1.6} />}
              title={texts.empty}
              hint={texts.emptyHint}
            />
          }
        />
      </Card>
    </>
  );
}

function useColumns(): Column<Import>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.imports;
    return [
      {
        key: "name",
        title: texts.name,
        render: (item) => (
          <Link
            to="/imports/$importId"
            params={{ importId: item.id }}
            className={`${rowLink} clamp-2`}
            dir="auto"
            title={item.name}
          >
            {item.name}
          </Link>
        ),
      },
      {
        key: "status",
        title: texts.status,
        width: "15rem",
        render: (item) => <ImportBadge item={item} />,
      },
      {
        key: "rows",
        title: texts.rows,
        width: "7rem",
        isNumber: true,
        render: (item) => format.number(item.rows.total),
      },
      {
        key: "rejected",
        title: texts.rejected,
        width: "6rem",
        isNumber: true,
        render: (item) => (
          <span className={item.rows.rejected > 0 ? styles.rejected : "faint"}>
            {format.number(item.rows.rejected)}
          </span>
        ),
      },
      {
        key: "started",
        title: texts.started,
        width: "9.5rem",
        render: (item) => <Time iso={item.startedAt ?? item.createdAt} ago />,
      },
      { key: "duration", title: texts.duration, width: "8rem", render: (item) => <Duration item={item} /> },
    ];
  }, [strings, format]);
}
