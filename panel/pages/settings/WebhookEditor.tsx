import { Button, Checkbox, Group, Modal, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type WebhookEvent, webhookEvents } from "../../../server/outbox/schema.ts";
import type { Webhook } from "../../../server/webhooks/schema.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useAddWebhook, useChangeWebhook } from "../../api/webhooks.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { readWhole } from "../campaigns/plan.ts";
import { machine } from "../providers/machine.ts";
import { Secret } from "./WebhookSecret.tsx";
import styles from "./Webhooks.module.css";
import { eventWords } from "./webhookWords.ts";

interface WebhookEditorProps {
  /** Null for a new one. */
  webhook: Webhook | null;
  onClose(): void;
}

/** A webhook: its address and what it is told. A new one ends with the secret that its requests are signed with. */
export function WebhookEditor({ webhook, onClose }: WebhookEditorProps) {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={
        <strong>
          {made ? texts.made : webhook === null ? texts.addTitle : texts.editTitle(webhook.name)}
        </strong>
      }
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      {made === null ? (
        <WebhookForm webhook={webhook} onSaved={onClose} onMade={setMade} onClose={onClose} />
      ) : (
        <Made made={made} />
      )}
    </Modal>
  );
}

interface WebhookFormProps extends WebhookEditorProps {
  onSaved(): void;
  onMade(made: { id: string; secret: string }): void;
}

function WebhookForm({ webhook, onSaved, onMade, onClose }: WebhookFormProps) {
  const { strings, format } = useWords();
  const texts = strings.webhooks;
  const add = useAddWebhook();
  const change = useChangeWebhook(webhook?.id ?? "");
  const sayProblem = useSayProblem();
  const form = useForm({
    initialValues: {
      name: webhook?.name ?? "",
      url: webhook?.url ?? "",
      events: webhook?.events ?? ([] as WebhookEvent[]),
      eventNames: webhook?.eventNames ?? [],
      batchSize: format.plain(webhook?.batchSize ?? 1),
    },
    validate: {
      name: (value) => (value.trim() === "" ? texts.nameWrong : null),
      url: (value) => (isWebAddress(value) ? null : texts.urlWrong),
      events: (value) => (value.length === 0 ? texts.eventsWrong : null),
      batchSize: (value) => (readWhole(value, 1, 500) === null ? texts.batchWrong : null),
    },
  });
  const submit = form.onSubmit(async ({ name, url, events, eventNames, batchSize }) => {
    const names = events.includes("event.tracked") && eventNames.length > 0 ? eventNames : null;
    const given = { name: name.trim(), url: url.trim(), events, eventNames: names };
    const written = { ...given, batchSize: readWhole(batchSize, 1, 500) ?? 1 };
    try {
      if (webhook === null) onMade(await add.mutateAsync({ ...written, isActive: true }));
      else {
        await change.mutateAsync(written);
        onSaved();
      }
    } catch (error) {
      const errors = error instanceof ApiProblem ? error.errors : [];
      form.setErrors(
        Object.fromEntries(errors.map(({ pointer, detail }) => [pointer.split("/")[1] ?? "", detail])),
      );
      if (errors.length === 0) sayProblem(error);
    }
  });
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={texts.name}
          withAsterisk
          data-autofocus
          attributes={{ input: { dir: "auto" } }}
          maxLength={100}
          {...form.getInputProps("name")}
        />
        <TextInput
          label={texts.url}
          description={texts.urlHint}
          inputWrapperOrder={belowInput}
          withAsterisk
          attributes={machine}
          placeholder="https://example.com/chapar"
          maxLength={2000}
          {...form.getInputProps("url")}
        />
        <Checkbox.Group label={texts.events} withAsterisk {...form.getInputProps("events")}>
          <div className={styles.choices}>
            {webhookEvents.map((event) => (
              <Checkbox
                key={event}
                value={event}
                label={eventWords(event, strings)}
                description={<bdi className="mono">{event}</bdi>}
              />
            ))}
          </div>
        </Checkbox.Group>
        {form.values.events.includes("event.tracked") && (
          <TagsInput
            label={texts.onlyEvents}
            description={texts.onlyEventsHint}
            inputWrapperOrder={belowInput}
            attributes={{ input: { dir: "auto" } }}
            maxTags={100}
            {...form.getInputProps("eventNames")}
          />
        )}
        <TextInput
          className={styles.number ?? ""}
          label={texts.batch}
          description={texts.batchHint}
          inputWrapperOrder={belowInput}
          inputMode="numeric"
          maxLength={3}
          {...form.getInputProps("batchSize")}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={form.submitting}>
            {texts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ made }: { made: { id: string; secret: string } }) {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const navigate = useNavigate();
  return (
    <Stack gap="md">
      <p>{texts.madeHint}</p>
      <Secret secret={made.secret} label={texts.secret} />
      <Group justify="flex-end">
        <Button
          onClick={() =>
            void navigate({ to: "/settings/webhooks/$webhookId", params: { webhookId: made.id } })
          }
        >
          {texts.goOn}
        </Button>
      </Group>
    </Stack>
  );
}

const isWebAddress = (text: string): boolean =>
  /^https?:\/\/[^\s/]/i.test(text.trim()) && URL.canParse(text.trim());
