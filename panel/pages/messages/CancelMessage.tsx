import { Button, Group, Modal, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { MessageReport } from "../../../server/messages/schema.ts";
import { useActOnMessage } from "../../api/messages.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

interface CancelMessageProps {
  report: MessageReport;
  isOpen: boolean;
  onClose(): void;
}

/** Ends a message after saying who will not get it. */
export function CancelMessage({ report, isOpen, onClose }: CancelMessageProps) {
  const { strings, format } = useWords();
  const texts = strings.report;
  const act = useActOnMessage(report.id);
  const sayProblem = useSayProblem();
  const { queued } = report.counts;
  const confirm = () =>
    act.mutate("cancel", {
      onSuccess: () => {
        notifications.show({ message: texts.cancelled });
        onClose();
      },
      onError: (error) => {
        sayProblem(error);
        onClose();
      },
    });
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<strong>{texts.cancelTitle}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <Stack gap="md">
        <div aria-live="polite">
          <p>
            {report.frozenAt === null ? texts.cancelNobody : texts.cancelText(queued, format.number(queued))}
          </p>
          <p className="soft">{texts.cancelStays}</p>
        </div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.cancelKeep}
          </Button>
          <Button color="red" loading={act.isPending} onClick={confirm}>
            {texts.cancelConfirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
