import { IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Segment } from "../../../server/segments/schema.ts";
import { nameOf } from "../../../server/users/name-of.ts";
import { useUsers } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import styles from "./SegmentPage.module.css";

/** How many are shown here; all of them are on the page of users. */
const shown = 10;

/** The first users of a segment, and the way to all of them. */
export function Members({ segment }: { segment: Pick<Segment, "id" | "kind"> }) {
  const { strings } = useWords();
  const texts = strings.segments.detail;
  const query = useUsers({ segment: segment.id }, undefined);
  const users = query.data?.data ?? [];
  return (
    <Card
      flush
      title={texts.members}
      actions={
        users.length > 0 && (
          <Link to="/users" search={{ segment: segment.id }} className="text-link">
            {texts.allMembers}
          </Link>
        )
      }
    >
      {query.data === undefined ? (
        query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={4} />
        )
      ) : users.length === 0 ? (
        <EmptyState
          icon={<IconUsers size={22} stroke={1.6} />}
          title={texts.nobody}
          hint={segment.kind === "dynamic" ? texts.nobodyHint : texts.nobodyInListHint}
        />
      ) : (
        <ul className={styles.members} aria-label={texts.members}>
          {users.slice(0, shown).map(({ userId, attributes, email, phone }) => (
            <li key={userId} className={styles.member}>
              <Link
                to="/users/$userId"
                params={{ userId }}
                className="text-link clamp-1"
                dir="auto"
                title={userId}
              >
                {nameOf(attributes) ?? userId}
              </Link>
              <bdi className="faint clamp-1">{email ?? (phone === null ? "" : `\u200e+${phone}`)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
