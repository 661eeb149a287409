import { Alert, Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Webhook } from "../../../server/webhooks/schema.ts";
import { useChangeWebhook, useRemoveWebhook, useTestWebhook, useWebhook } from "../../api/webhooks.ts";
import { Card } from "../../ui/Card.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { Confirm } from "./Confirm.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";
import { WebhookEditor } from "./WebhookEditor.tsx";
import { WebhookLog } from "./WebhookLog.tsx";
import { SecretCard } from "./WebhookSecret.tsx";
import { WebhookState } from "./WebhookState.tsx";
import { eventWords } from "./webhookWords.ts";

/** One webhook: what it is told, what it is signed with, and what was sent to it. */
export function WebhookPage() {
  const { webhookId } = useParams({ from: "/shell/settings/webhooks/$webhookId" });
  const { strings } = useWords();
  const query = useWebhook(webhookId);
  const { data: webhook } = query;
  if (webhook === undefined)
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    );
  return (
    <SettingsFrame
      isWide
      parent={{ title: strings.webhooks.title, to: "/settings/webhooks" }}
      title={webhook.name}
      actions={<Actions webhook={webhook} />}
    >
      <Trouble webhook={webhook} />
      <About webhook={webhook} />
      <SecretCard key={webhook.id} webhookId={webhook.id} />
      <WebhookLog webhook={webhook} />
    </SettingsFrame>
  );
}

function Trouble({ webhook }: { webhook: Webhook }) {
  const { strings, format } = useWords();
  const texts = strings.webhooks;
  const { isActive, pauseReason, failingSince } = webhook;
  if (!isActive && pauseReason !== null)
    return (
      <Alert color="red" title={texts.pausedTitle}>
        <p dir="auto">{pauseReason}</p>
        <p>{texts.pausedHint}</p>
      </Alert>
    );
  if (isActive && failingSince !== null)
    return (
      <Alert color="orange" title={texts.failing(format.dateTime(failingSince))}>
        {texts.failingHint}
      </Alert>
    );
  return null;
}

function About({ webhook }: { webhook: Webhook }) {
  const { strings, format } = useWords();
  const texts = strings.webhooks;
  const { comma } = strings.common;
  const facts = [
    { name: texts.state, value: <WebhookState webhook={webhook} /> },
    { name: texts.url, value: <bdi dir="ltr">{webhook.url}</bdi> },
    { name: texts.events, value: webhook.events.map((event) => eventWords(event, strings)).join(comma) },
    ...(webhook.eventNames === null
      ? []
      : [{ name: texts.onlyEvents, value: <bdi>{webhook.eventNames.join(comma)}</bdi> }]),
    { name: texts.batch, value: format.number(webhook.batchSize) },
    { name: texts.waiting, value: format.number(webhook.waiting) },
    { name: texts.madeAt, value: <Time iso={webhook.createdAt} /> },
  ];
  return (
    <Card>
      <Facts facts={facts} />
    </Card>
  );
}

function Actions({ webhook }: { webhook: Webhook }) {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const [isEditing, setEditing] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const change = useChangeWebhook(webhook.id);
  const test = useTestWebhook(webhook.id);
  const sayProblem = useSayProblem();
  const say = ({ state, error }: { state: string; error: string | null }) =>
    notifications.show(
      state === "delivered"
        ? { message: texts.testDone }
        : {
            ...{ color: "red", title: texts.testFailed, message: error, autoClose: 8000 },
            closeButtonProps: { "aria-label": strings.common.close },
          },
    );
  return (
    <Group gap="xs">
      <Button
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate(undefined, { onSuccess: say, onError: sayProblem })}
      >
        {texts.test}
      </Button>
      <Button variant="default" onClick={() => setEditing(true)}>
        {texts.edit}
      </Button>
      <Button
        variant="default"
        loading={change.isPending}
        onClick={() => change.mutate({ isActive: !webhook.isActive }, { onError: sayProblem })}
      >
        {webhook.isActive ? texts.switchOff : texts.switchOn}
      </Button>
      <Button variant="subtle" color="red" onClick={() => setRemoving(true)}>
        {texts.remove}
      </Button>
      {isEditing && <WebhookEditor webhook={webhook} onClose={() => setEditing(false)} />}
      {isRemoving && <Remove webhook={webhook} onClose={() => setRemoving(false)} />}
    </Group>
  );
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const remove = useRemoveWebhook(webhook.id);
  const navigate = useNavigate();
  const sayProblem = useSayProblem();
  return (
    <Confirm
      title={texts.removeTitle(webhook.name)}
      text={texts.removeText}
      action={texts.remove}
      isPending={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            notifications.show({ message: texts.removed(webhook.name) });
            void navigate({ to: "/settings/webhooks" });
          },
          onError: sayProblem,
        })
      }
    />
  );
}
