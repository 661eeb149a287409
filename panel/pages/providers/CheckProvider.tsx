import { Alert, Button, Modal, Tooltip } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconStethoscope } from "@tabler/icons-react";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useCheckProvider } from "../../api/providers.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** Asks the provider whether the account works, and says what it answered. */
export function CheckProvider({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const check = useCheckProvider(account.id);
  const sayProblem = useSayProblem();
  const answer = check.data;
  return (
    <>
      <Tooltip label={texts.checkHint} multiline w={260}>
        <Button
          variant="default"
          leftSection={<IconStethoscope size={16} />}
          loading={check.isPending}
          onClick={() => check.mutate(undefined, { onError: sayProblem })}
        >
          {texts.check}
        </Button>
      </Tooltip>
      <Modal
        opened={answer !== undefined}
        onClose={check.reset}
        title={<strong>{account.name}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        {answer !== undefined && (
          <Alert
            role="status"
            color={answer.ok ? "green" : "red"}
            icon={answer.ok ? <IconCircleCheck size={20} /> : <IconCircleX size={20} />}
            title={answer.ok ? texts.checkGood : texts.checkBad}
          >
            <span dir="auto">{answer.detail}</span>
          </Alert>
        )}
      </Modal>
    </>
  );
}
