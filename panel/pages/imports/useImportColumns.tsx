import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { ImportBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { Duration } from "./Duration.tsx";
import { ErrorCount } from "./ErrorCount.tsx";
import styles from "./ImportsPage.module.css";

/** The columns of the history. */
export function useImportColumns(): Column<Import>[] {
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
        width: "13.25rem",
        render: (item) => <ImportBadge item={item} />,
      },
      {
        key: "rows",
        title: texts.rows,
        width: "5rem",
        isNumber: true,
        render: (item) => format.number(item.rows.total),
      },
      {
        key: "errors",
        title: texts.errors,
        width: "5rem",
        isNumber: true,
        render: (item) => <ErrorCount item={item} />,
      },
      {
        key: "segment",
        title: texts.form.segmentShort,
        width: "8.5rem",
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
        width: "9rem",
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
        width: "8.75rem",
        render: (item) => (
          <>
            <Duration item={item} />
            {item.rate !== null && item.rate > 0 && (
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
