import { Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Segment } from "../../../server/segments/schema.ts";
import { usePinnedSegments, useSegmentCount } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./PinnedSegments.module.css";

/** Segments that somebody wants to see first, with how many are in them; nothing when there are none. */
export function PinnedSegments() {
  const { strings } = useWords();
  const segments = usePinnedSegments().data ?? [];
  if (segments.length === 0) return null;
  return (
    <section className={styles.pinned}>
      <h2 className={styles.title}>{strings.segments.pinnedTitle}</h2>
      <ul className={styles.cards}>
        {segments.map((segment) => (
          <Pinned key={segment.id} segment={segment} />
        ))}
      </ul>
    </section>
  );
}

function Pinned({ segment: { id, name } }: { segment: Segment }) {
  const { strings, format } = useWords();
  const texts = strings.segments.numbers;
  const count = useSegmentCount({ target: id });
  return (
    <li className={styles.card}>
      <Link
        to="/segments/$segmentId"
        params={{ segmentId: id }}
        className={`${styles.link} clamp-1`}
        title={name}
      >
        <bdi>{name}</bdi>
      </Link>
      {count.data === undefined ? (
        count.error !== null ? (
          <span className="faint">{strings.common.none}</span>
        ) : (
          <Skeleton height={20} width={72} mt={4} />
        )
      ) : (
        <span className={`${styles.count} number`}>
          {count.data.isEstimate ? `${texts.about} ` : ""}
          {texts.users(count.data.users, format.number(count.data.users))}
        </span>
      )}
    </li>
  );
}
