import { Button, SegmentedControl } from "@mantine/core";
import { IconTimelineEvent } from "@tabler/icons-react";
import { useState } from "react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import type { TimelineItem } from "../../../server/profiles/schema.ts";
import { type TimelineKind, useTimeline } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { byDay } from "./byDay.ts";
import { EventItem } from "./EventItem.tsx";
import { MessageItem } from "./MessageItem.tsx";
import styles from "./Timeline.module.css";

const kinds = ["all", "event", "message"] as const satisfies readonly TimelineKind[];

/** What somebody did and was sent, day by day, the latest first. */
export function Timeline({ user }: { user: UserWithInstallations }) {
  const { strings } = useWords();
  const texts = strings.users.timeline;
  const [kind, setKind] = useState<TimelineKind>("all");
  return (
    <Card
      title={texts.title}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={texts.filter}
          value={kind}
          onChange={setKind}
          data={kinds.map((value) => ({ value, label: texts.kinds[value] }))}
        />
      }
    >
      <Days user={user} kind={kind} />
    </Card>
  );
}

function Days({ user, kind }: { user: UserWithInstallations; kind: TimelineKind }) {
  const { strings, format } = useWords();
  const texts = strings.users.timeline;
  const query = useTimeline(user.userId, kind);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <RowsSkeleton rows={6} />;
  }
  const items = query.data.pages.flatMap((page) => page.data);
  if (items.length === 0) return <Nothing kind={kind} />;
  return (
    <div className={query.isPlaceholderData ? styles.stale : undefined} aria-busy={query.isPlaceholderData}>
      {byDay(items, format.day).map(({ day, items: ofDay }) => (
        <section key={day} className={styles.day} aria-label={day}>
          <h3 className={styles.dayTitle}>{day}</h3>
          <ol className={styles.items}>
            {ofDay.map((item) =>
              item.kind === "event" ? (
                <EventItem key={item.id} event={item} user={user} message={messageBefore(item, items)} />
              ) : (
                <MessageItem key={item.id} message={item} user={user} />
              ),
            )}
          </ol>
        </section>
      ))}
      <div className={styles.more}>
        {query.isFetchNextPageError && (
          <ErrorState error={query.error} onRetry={() => void query.fetchNextPage()} />
        )}
        {query.hasNextPage && !query.isFetchNextPageError && (
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {texts.more}
          </Button>
        )}
        {!query.hasNextPage && <p className="faint">{texts.end}</p>}
      </div>
    </div>
  );
}

/** The words of the message that an event came after, when they are among what was read. */
function messageBefore(
  { influence }: Extract<TimelineItem, { kind: "event" }>,
  items: readonly TimelineItem[],
): string | undefined {
  if (influence === null) return undefined;
  const found = items.find((item) => item.kind === "message" && item.id === influence.messageId);
  return found?.kind === "message" ? found.content : undefined;
}

function Nothing({ kind }: { kind: TimelineKind }) {
  const { strings } = useWords();
  const texts = strings.users.timeline;
  const hints = {
    all: texts.emptyHint,
    event: texts.noEventsHint,
    message: texts.noMessagesHint,
  };
  return (
    <EmptyState
      icon={<IconTimelineEvent size={22} stroke={1.6} />}
      title={texts.empty[kind]}
      hint={hints[kind]}
    />
  );
}
