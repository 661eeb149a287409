import { Button, Group } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Chapar, InboxItem } from "../../../sdk/src/index.ts";
import { LanguageSwitch } from "../../ui/LanguageSwitch.tsx";
import { useWords } from "../../ui/language.tsx";
import { Mark } from "../../ui/Mark.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./TryPage.module.css";

const shown = 20;
/** A receipt is on its way for a moment before the list shows it. */
const settleMs = 400;
const lookAgainMs = 3_000;

type Link = "connecting" | "connected" | "disconnected";

interface InboxProps {
  appId: string;
  userId: string;
  chapar: Chapar;
}

/** What the user got, live, and what a user does with it. */
export function Inbox({ appId, userId, chapar }: InboxProps) {
  const { strings } = useWords();
  const texts = strings.home.inbox;
  const queries = useQueryClient();
  const [link, setLink] = useState<Link>(chapar.isConnected() ? "connected" : "connecting");
  const inbox = useQuery({
    queryKey: ["inbox", appId],
    queryFn: async () => (await chapar.inbox.list({ limit: shown })).data,
    // Whoever lost the connection may have lost the device as well: it goes with the sample data.
    refetchInterval: link === "connected" ? false : lookAgainMs,
    retry: false,
  });
  useEffect(() => {
    document.title = `${texts.title} · ${strings.product}`;
  }, [texts, strings]);
  useEffect(() => {
    const look = () => void queries.invalidateQueries({ queryKey: ["inbox", appId] });
    const stops = [
      chapar.on("message", look),
      chapar.on("connected", () => setLink("connected")),
      chapar.on("connecting", () => setLink("connecting")),
      chapar.on("disconnected", () => setLink("disconnected")),
    ];
    if (chapar.isConnected()) setLink("connected");
    return () => {
      for (const stop of stops) stop();
    };
  }, [appId, chapar, queries]);
  const act = (work: () => void) => () => {
    work();
    setTimeout(() => void inbox.refetch(), settleMs);
  };
  const messages = (inbox.data ?? []).filter(({ dismissed }) => !dismissed);
  return (
    <main className={styles.phone}>
      <header className={styles.head}>
        <Mark size={28} />
        <div className={styles.headText}>
          <h1>{texts.title}</h1>
          <p className="soft">{texts.lead(userId)}</p>
        </div>
        <LanguageSwitch />
      </header>
      <p className={styles.link} role="status">
        <span className={`${styles.dot} ${link === "connected" ? styles.isOn : ""}`} aria-hidden />
        {texts[link]}
      </p>
      {isRefused(inbox.error) ? (
        <EmptyState
          icon={<IconInbox size={22} stroke={1.6} />}
          title={texts.gone}
          hint={texts.goneHint}
          action={<Button onClick={() => window.location.reload()}>{texts.openNew}</Button>}
        />
      ) : inbox.isError && inbox.data === undefined ? (
        <ErrorState error={inbox.error} onRetry={() => void inbox.refetch()} />
      ) : messages.length === 0 ? (
        <EmptyState
          icon={<IconInbox size={22} stroke={1.6} />}
          title={texts.empty}
          hint={texts.emptyHint}
          action={
            <Button
              component="a"
              href={`/campaigns/new?${new URLSearchParams({ channel: "inbox", user: userId })}`}
              target="_blank"
              rel="opener"
              variant="default"
            >
              {texts.write}
            </Button>
          }
        />
      ) : (
        <ul className={styles.messages} aria-live="polite">
          {messages.map((message) => (
            <Message key={message.id} message={message} chapar={chapar} act={act} />
          ))}
        </ul>
      )}
    </main>
  );
}

/** The device or the key that it speaks by is no more. */
const isRefused = (error: Error | null): boolean => {
  const { status } = (error ?? {}) as { status?: unknown };
  return status === 401 || status === 403 || status === 404;
};

interface MessageProps {
  message: InboxItem;
  chapar: Chapar;
  /** Does it, and looks again. */
  act(work: () => void): () => void;
}

function Message({ message, chapar, act }: MessageProps) {
  const { strings } = useWords();
  const texts = strings.home.inbox;
  const { id, content, notification, createdAt, state } = message;
  const isRead = state === "seen" || state === "clicked";
  const open = () => {
    chapar.messageClicked(id);
    const address = notification?.clickUrl;
    if (address && /^https?:\/\//.test(address)) window.open(address, "_blank", "noopener");
  };
  return (
    <li className={`${styles.message} ${isRead ? "" : styles.isNew}`}>
      <p className={`${styles.when} faint`}>
        <Time iso={new Date(createdAt).toISOString()} ago />
        <span>{isRead ? texts.isRead : texts.isNew}</span>
      </p>
      {notification?.title && (
        <h2 className={styles.title} dir="auto">
          {notification.title}
        </h2>
      )}
      <p className={styles.content} dir="auto">
        {content}
      </p>
      <Group gap="xs">
        <Button size="xs" onClick={act(open)}>
          {texts.open}
        </Button>
        {!isRead && (
          <Button size="xs" variant="default" onClick={act(() => chapar.markAsRead(id))}>
            {texts.markAsRead}
          </Button>
        )}
        <Button size="xs" variant="subtle" color="gray" onClick={act(() => chapar.dismiss(id))}>
          {texts.dismiss}
        </Button>
      </Group>
    </li>
  );
}
