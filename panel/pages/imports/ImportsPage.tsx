import { Button } from "@mantine/core";
import { IconFileImport, IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { useImports } from "../../api/imports.ts";
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
import { ErrorCount } from "./ErrorCount.tsx";
import styles from "./ImportsPage.module.css";

/** What became of every file, and the way to bring in another. */
export function ImportsPage() {
  const { strings } = useWords();
  const texts = strings.imports;
  const place = usePagePlace();
  const query = useImports(place.cursor);
  const columns = useColumns();
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<NewImport />} />
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
              action={<NewImport />}
            />
          }
        />
      </Card>
    </>
  );
}

function NewImport() {
  const { strings } = useWords();
  return (
    <Button
      renderRoot={(props) => <Link to="/imports/new" {...props} />}
      leftSection={<IconUpload size={15} />}
    >
      {strings.imports.new}
    </Button>
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
        width: "11.5rem",
        render: (item) => <ImportBadge item={item} />,
      },
      {
        key: "rows",
        title: texts.rows,
        width: "6rem",
        isNumber: true,
        render: (item) => format.number(item.rows.total),
      },
      {
        key: "errors",
        title: texts.errors,
        width: "5.5rem",
        isNumber: true,
        render: (item) => <ErrorCount item={item} />,
      },
      {
        key: "segment",
        title: texts.form.segmentShort,
        width: "9rem",
        render: ({ segment, options }) =>
          segment === null ? (
            <span className="faint">{options.segment ?? strings.common.none}</span>
          ) : (
            <Link
              to="/users"
              search={{ segment: segment.id }}
              className={`${styles.above} text-link clamp-2`}
              dir="auto"
              title={segment.name}
            >
              {segment.name}
            </Link>
          ),
      },
      {
        key: "started",
        title: texts.started,
        width: "10rem",
        render: (item) => (
          <>
            <Time iso={item.startedAt ?? item.createdAt} ago />
            {item.createdBy !== null && (
              <bdi className="clamp-1 faint" title={item.createdBy}>
                {item.createdBy}
              </bdi>
            )}
          </>
        ),
      },
      {
        key: "duration",
        title: texts.duration,
        width: "8rem",
        render: (item) => (
          <>
            <Duration item={item} />
            {item.rate !== null && (
              <span className={`${styles.rate} faint number`}>
                {texts.rowsPerSecond(format.number(Math.round(item.rate)))}
              </span>
            )}
          </>
        ),
      },
    ];
  }, [strings, format]);
}
