import { Link, linkOptions } from "@tanstack/react-router";
import type { SegmentUse } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./SegmentPage.module.css";

/** What a segment is a part of, each with the way there. */
export function SegmentUses({ uses }: { uses: readonly SegmentUse[] }) {
  const { strings } = useWords();
  return (
    <ul className={styles.uses}>
      {uses.map(({ kind, id, name }) => (
        <li key={id}>
          <span className="faint">{strings.segments.detail.uses[kind]}</span>
          <Link {...linkOf(kind, id)} className="text-link">
            <bdi>{name}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  );
}

const linkOf = (kind: SegmentUse["kind"], id: string) =>
  ({
    segment: linkOptions({ to: "/segments/$segmentId", params: { segmentId: id } }),
    message: linkOptions({ to: "/messages/$messageId", params: { messageId: id } }),
    import: linkOptions({ to: "/imports/$importId", params: { importId: id } }),
  })[kind];
