import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Segment } from "../../../server/segments/schema.ts";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { useDescribe } from "../../ui/useDescribe.ts";
import { KindBadge } from "./KindBadge.tsx";
import { PinButton } from "./PinButton.tsx";
import styles from "./SegmentsPage.module.css";

/** What the list says of a segment; its rules in words. */
export function useSegmentColumns(segments: readonly Segment[]): Column<Segment>[] {
  const { strings } = useWords();
  const names = useMemo(() => new Map(segments.map(({ id, name }) => [id, name])), [segments]);
  const describe = useDescribe(
    segments.map(({ segment, target }) => segment ?? target),
    names,
  );
  return useMemo(() => {
    const texts = strings.segments;
    return [
      {
        key: "name",
        title: texts.name,
        render: (item) => {
          const rule = item.kind === "static" ? texts.listRule : describe(item.segment ?? item.target);
          return (
            <span className={styles.name}>
              <Link
                to="/segments/$segmentId"
                params={{ segmentId: item.id }}
                className={`${rowLink} clamp-1`}
                dir="auto"
                title={item.name}
              >
                {item.name}
              </Link>
              <span className="faint clamp-2" title={rule}>
                {rule}
              </span>
            </span>
          );
        },
      },
      { key: "kind", title: texts.kind, width: "6rem", render: ({ kind }) => <KindBadge kind={kind} /> },
      {
        key: "createdBy",
        title: texts.createdBy,
        width: "11rem",
        render: ({ createdBy }) => (
          <bdi className="clamp-1" title={createdBy ?? ""}>
            {createdBy ?? strings.common.none}
          </bdi>
        ),
      },
      {
        key: "createdAt",
        title: texts.createdAt,
        width: "8.5rem",
        render: ({ createdAt }) => <Time iso={createdAt} ago />,
      },
      {
        key: "pinned",
        title: texts.pinned,
        width: "6rem",
        render: (segment) => (
          <span className={styles.pin}>
            <PinButton segment={segment} />
          </span>
        ),
      },
    ];
  }, [strings, describe]);
}
