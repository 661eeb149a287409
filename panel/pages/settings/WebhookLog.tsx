import { Button, Group, Modal, SegmentedControl, Skeleton, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import type { Webhook, WebhookAttempt } from "../../../server/webhooks/schema.ts";
import { usePagePlace } from "../../api/pages.ts";
import { useAttempt, useAttempts, useReplayAttempt, useReplayFailed } from "../../api/webhooks.ts";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { DataList } from "../../ui/DataList.tsx";
import type { Column } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./Webhooks.module.css";
import { eventWords } from "./webhookWords.ts";

const dayMs = 86_400_000;

/** What was sent to a webhook and what came of it, with the way to send it again. */
export function WebhookLog({ webhook }: { webhook: Webhook }) {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const [failed, setFailed] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const place = usePagePlace(`${webhook.id} ${failed}`);
  const query = useAttempts(webhook.id, { failed, cursor: place.cursor });
  const columns = useColumns(webhook, setOpened);
  return (
    <Card flush title={texts.log} hint={texts.logHint} actions={<ReplayAll webhook={webhook} />}>
      <Group px="md" py="sm">
        <SegmentedControl
          size="xs"
          aria-label={texts.filter}
          data={[
            { value: "all", label: strings.common.all },
            { value: "failed", label: texts.onlyFailed },
          ]}
          value={failed ? "failed" : "all"}
          onChange={(value) => setFailed(value === "failed")}
        />
      </Group>
      <DataList
        label={texts.log}
        query={query}
        place={place}
        columns={columns}
        rowKey={(row) => row.id}
        empty={
          <EmptyState
            icon={<IconSend size={22} stroke={1.6} />}
            title={failed ? texts.noFailures : texts.noLog}
            hint={failed ? texts.noFailuresHint : texts.noLogHint}
          />
        }
      />
      {opened !== null && (
        <AttemptModal webhookId={webhook.id} attemptId={opened} onClose={() => setOpened(null)} />
      )}
    </Card>
  );
}

function useColumns(webhook: Webhook, onOpen: (id: string) => void): Column<WebhookAttempt>[] {
  const { strings, format } = useWords();
  const texts = strings.webhooks;
  const replay = useReplayAttempt(webhook.id);
  const sayProblem = useSayProblem();
  return [
    {
      key: "time",
      title: texts.time,
      render: (row) => (
        <UnstyledButton className={styles.open ?? ""} onClick={() => onOpen(row.id)}>
          <span className="text-link">
            <Time iso={row.createdAt} />
          </span>
          <div className="faint">
            {row.events.map((event) => eventWords(event, strings)).join(strings.common.comma)}
            {row.items > 1 && ` · ${texts.items(format.number(row.items))}`}
          </div>
        </UnstyledButton>
      ),
    },
    {
      key: "result",
      title: texts.result,
      render: (row) => (
        <div className={styles.error}>
          {row.error === null ? (
            texts.results[row.state]
          ) : (
            <span className={styles.bad} dir="auto">
              {row.error}
            </span>
          )}
          {row.nextAt !== null && row.tries > 0 && (
            <div className="faint">
              {texts.next} <Time iso={row.nextAt} />
            </div>
          )}
        </div>
      ),
    },
    {
      key: "tries",
      title: texts.tries,
      width: "4.5rem",
      isNumber: true,
      render: (row) => format.number(row.tries),
    },
    {
      key: "took",
      title: texts.took,
      width: "7rem",
      isNumber: true,
      isBlank: (row) => row.tookMs === null,
      render: (row) => (row.tookMs === null ? strings.common.none : texts.ms(format.number(row.tookMs))),
    },
    {
      key: "replay",
      title: texts.again,
      width: "8rem",
      render: (row) => (
        <Button
          size="compact-xs"
          variant="default"
          disabled={row.state === "waiting" || !webhook.isActive}
          onClick={() => replay.mutate(row.id, { onError: sayProblem })}
        >
          {texts.replay}
        </Button>
      ),
    },
  ];
}

function ReplayAll({ webhook }: { webhook: Webhook }) {
  const { strings, format } = useWords();
  const texts = strings.webhooks;
  const replay = useReplayFailed(webhook.id);
  const sayProblem = useSayProblem();
  return (
    <Button
      size="xs"
      variant="default"
      disabled={!webhook.isActive}
      loading={replay.isPending}
      onClick={() =>
        replay.mutate(new Date(Date.now() - 7 * dayMs).toISOString(), {
          onSuccess: ({ replayed }) =>
            notifications.show({ message: texts.replayed(replayed, format.number(replayed)) }),
          onError: sayProblem,
        })
      }
    >
      {texts.replayAll}
    </Button>
  );
}

function AttemptModal(props: { webhookId: string; attemptId: string; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const query = useAttempt(props.webhookId, props.attemptId);
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={<strong>{texts.bodyTitle}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      {query.data !== undefined ? (
        <CodeBlock code={JSON.stringify(JSON.parse(query.data.body), null, 2)} label={texts.bodyTitle} />
      ) : query.isError ? (
        <ErrorState error={query.error} />
      ) : (
        <Skeleton height={160} aria-label={strings.common.loading} />
      )}
    </Modal>
  );
}
