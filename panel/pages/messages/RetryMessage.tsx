import { Button, Checkbox, Group, Modal, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { MessageReport } from "../../../server/messages/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { useRetryMessage } from "../../api/messages.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

interface RetryMessageProps {
  report: MessageReport;
  isOpen: boolean;
  onClose(): void;
}

/** Sends again to those who failed and, where somebody wants it, to those who may have got it. */
export function RetryMessage({ report, isOpen, onClose }: RetryMessageProps) {
  const { strings } = useWords();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<strong>{strings.report.retryTitle}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <RetryForm report={report} onClose={onClose} />
    </Modal>
  );
}

function RetryForm({ report, onClose }: Omit<RetryMessageProps, "isOpen">) {
  const { strings, format } = useWords();
  const texts = strings.report;
  const { failed, unknown } = report.counts;
  const retry = useRetryMessage(report.id);
  const sayProblem = useSayProblem();
  const [withUnknown, setWithUnknown] = useState(false);
  // Pressing again after a lost answer must not queue them twice.
  const [key] = useState(newIdempotencyKey);
  const confirm = () =>
    retry.mutate(
      { request: withUnknown ? { unknown: true } : {}, key: withUnknown ? `${key}-unknown` : key },
      {
        onSuccess: ({ count }) => {
          notifications.show({ message: texts.retried(count, format.number(count)) });
          onClose();
        },
        onError: (error) => {
          sayProblem(error);
          onClose();
        },
      },
    );
  return (
    <Stack gap="md">
      <div>
        <p>{failed === 0 ? texts.retryNone : texts.retryText(failed, format.number(failed))}</p>
        {failed > 0 && <p className="soft">{texts.retryStates}</p>}
      </div>
      {unknown > 0 && (
        <Checkbox
          label={texts.retryUnknown(unknown, format.number(unknown))}
          description={texts.retryUnknownHint}
          checked={withUnknown}
          onChange={({ currentTarget }) => setWithUnknown(currentTarget.checked)}
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {strings.common.cancel}
        </Button>
        <Button loading={retry.isPending} disabled={failed === 0 && !withUnknown} onClick={confirm}>
          {texts.retryConfirm}
        </Button>
      </Group>
    </Stack>
  );
}
