import { Skeleton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useSegmentsOfUser } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import styles from "./SegmentsCard.module.css";

/** The segments somebody is in; each leads to the others in it. */
export function SegmentsCard({ userId }: { userId: string }) {
  const { strings } = useWords();
  return (
    <Card title={strings.users.memberOf.title}>
      <Segments userId={userId} />
    </Card>
  );
}

function Segments({ userId }: { userId: string }) {
  const { strings } = useWords();
  const texts = strings.users.memberOf;
  const query = useSegmentsOfUser(userId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton height={28} radius="xl" role="status" aria-label={strings.common.loading} />;
  }
  if (query.data.length === 0) {
    return (
      <>
        <p>{texts.empty}</p>
        <p className="faint">{texts.emptyHint}</p>
      </>
    );
  }
  return (
    <ul className={styles.segments} aria-label={texts.title}>
      {query.data.map(({ id, name }) => (
        <li key={id} className={styles.segment}>
          <Link to="/users" search={{ segment: id }} className={styles.link ?? ""} title={name}>
            <bdi className="clamp-1">{name}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  );
}
