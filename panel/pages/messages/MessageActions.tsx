import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import type { MessageReport } from "../../../server/messages/schema.ts";
import { useActOnMessage } from "../../api/messages.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { actsOn } from "./actsOn.ts";
import { CancelMessage } from "./CancelMessage.tsx";
import { RetryMessage } from "./RetryMessage.tsx";

interface MessageActionsProps {
  report: MessageReport;
  /** The others are for the whole that the message is a part of. */
  onlyRetry?: boolean;
}

/** What can be done with a message in the state it is in. */
export function MessageActions({ report, onlyRetry = false }: MessageActionsProps) {
  const { strings } = useWords();
  const texts = strings.report;
  const act = useActOnMessage(report.id);
  const sayProblem = useSayProblem();
  const [isCancelling, cancelling] = useDisclosure(false);
  const [isRetrying, retrying] = useDisclosure(false);
  const all = actsOn(report);
  const acts = onlyRetry ? new Set([...all].filter((one) => one === "retry")) : all;
  const run = (which: "pause" | "resume", message: string) =>
    act.mutate(which, { onSuccess: () => notifications.show({ message }), onError: sayProblem });
  return (
    <>
      {acts.has("pause") && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={act.isPending}
          onClick={() => run("pause", texts.paused)}
        >
          {texts.pause}
        </Button>
      )}
      {acts.has("resume") && (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={act.isPending}
          onClick={() => run("resume", texts.resumed)}
        >
          {texts.resume}
        </Button>
      )}
      {acts.has("retry") && (
        <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={retrying.open}>
          {texts.retry}
        </Button>
      )}
      {acts.has("cancel") && (
        <Button
          variant="default"
          c="var(--bad)"
          leftSection={<IconPlayerStop size={16} />}
          onClick={cancelling.open}
        >
          {texts.cancel}
        </Button>
      )}
      <CancelMessage report={report} isOpen={isCancelling} onClose={cancelling.close} />
      <RetryMessage report={report} isOpen={isRetrying} onClose={retrying.close} />
    </>
  );
}
