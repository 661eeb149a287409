import { Alert, Button, Checkbox, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import { useSendByQuery } from "../../api/messages.ts";
import { asProblem } from "../../api/problem.ts";
import type { Filter } from "../../api/segments.ts";
import { useApp } from "../../ui/appContext.ts";
import { useWords } from "../../ui/language.tsx";
import { MessagePreview } from "../messages/MessagePreview.tsx";
import styles from "./Composer.module.css";

/** The longest content the API takes. */
const maxContent = 10_000;

interface ComposerProps {
  isOpen: boolean;
  onClose(): void;
  filter: Filter;
  /** How many devices the message would go to. */
  devices: number;
  /** That is about how many. */
  isEstimate: boolean;
}

/** Writes a message, asks once more with the number of devices, sends, and goes to the campaign. */
export function Composer({ isOpen, onClose, filter, devices, isEstimate }: ComposerProps) {
  const { strings, format } = useWords();
  const texts = strings.segments.composer;
  const about = isEstimate ? `${strings.segments.numbers.about} ` : "";
  const shown = about + format.number(devices);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size={720}
      title={
        <>
          <strong>{texts.title}</strong> <span className="faint">{texts.to(devices, shown)}</span>
        </>
      }
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <ComposerForm filter={filter} devices={devices} shown={shown} onClose={onClose} />
    </Modal>
  );
}

interface ComposerFormProps extends Pick<ComposerProps, "filter" | "devices" | "onClose"> {
  /** The number of devices in words. */
  shown: string;
}

function ComposerForm({ filter, devices, shown, onClose }: ComposerFormProps) {
  const { strings } = useWords();
  const texts = strings.segments.composer;
  const app = useApp();
  const [isReviewing, setReviewing] = useState(false);
  const form = useForm({
    initialValues: { content: "", useAsAlert: true },
    validate: { content: (value) => (value.trim() === "" ? texts.contentRequired : null) },
  });
  const { content, useAsAlert } = form.values;
  return (
    <form onSubmit={form.onSubmit(() => setReviewing(true))} noValidate>
      <div className={styles.columns}>
        <Stack gap="md">
          {isReviewing ? (
            <Confirm
              filter={filter}
              devices={devices}
              shown={shown}
              content={content}
              useAsAlert={useAsAlert}
              onBack={() => setReviewing(false)}
            />
          ) : (
            <>
              <Textarea
                label={texts.content}
                placeholder={texts.contentPlaceholder}
                attributes={{ input: { dir: "auto" } }}
                autosize
                minRows={6}
                maxRows={14}
                maxLength={maxContent}
                data-autofocus
                {...form.getInputProps("content")}
              />
              <Checkbox
                label={texts.useAsAlert}
                {...form.getInputProps("useAsAlert", { type: "checkbox" })}
              />
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={onClose}>
                  {strings.common.cancel}
                </Button>
                <Button type="submit">{texts.review}</Button>
              </Group>
            </>
          )}
        </Stack>
        <MessagePreview
          appName={app.name}
          channel="inbox"
          content={content === "" ? texts.contentPlaceholder : content}
          notification={useAsAlert ? {} : null}
        />
      </div>
    </form>
  );
}

interface ConfirmProps {
  filter: Filter;
  devices: number;
  shown: string;
  content: string;
  useAsAlert: boolean;
  onBack(): void;
}

function Confirm({ filter, devices, shown, content, useAsAlert, onBack }: ConfirmProps) {
  const { strings, format } = useWords();
  const texts = strings.segments.composer;
  const navigate = useNavigate();
  const send = useSendByQuery();
  // One key for this text and audience: pressing again after a lost answer does not send twice.
  const [key] = useState(newIdempotencyKey);

  const confirm = () =>
    send.mutate(
      { request: { ...filter, content, useAsAlert }, key },
      {
        onSuccess: ({ count, messageId }) => {
          notifications.show({ message: texts.sent(count, format.number(count)) });
          if (messageId === null) void navigate({ to: "/campaigns" });
          else void navigate({ to: "/campaigns/$campaignId", params: { campaignId: messageId } });
        },
      },
    );

  const problem = send.error === null ? null : asProblem(send.error);
  return (
    <Stack gap="md" className={styles.confirm ?? ""}>
      <div>
        <p className={styles.question}>{texts.confirmTitle(devices, shown)}</p>
        <p className="soft">{texts.confirmText}</p>
      </div>
      {problem !== null && (
        <Alert color="red" role="alert" title={strings.problems[problem.code]}>
          <span dir="auto">{problem.detail}</span>
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack} disabled={send.isPending} data-autofocus>
          {texts.edit}
        </Button>
        <Button onClick={confirm} loading={send.isPending}>
          {texts.confirm(devices, shown)}
        </Button>
      </Group>
    </Stack>
  );
}
