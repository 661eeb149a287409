import { Alert, Button, Loader } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconStethoscope } from "@tabler/icons-react";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { asProblem } from "../../api/problem.ts";
import { useProviderCheck, useStartCheck } from "../../api/providers.ts";
import { useWords } from "../../ui/language.tsx";

/** Asks the provider whether the account works; {@link CheckAlert} says what it answered. */
export function CheckButton({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const { isFetching } = useProviderCheck(account.id);
  const start = useStartCheck();
  return (
    <Button
      variant="default"
      leftSection={<IconStethoscope size={16} />}
      title={texts.checkHint}
      loading={isFetching}
      onClick={() => start(account.id)}
    >
      {texts.check}
    </Button>
  );
}

/** What the provider answered to the last check; nothing before there was one. */
export function CheckAlert({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const { data: answer, error, isFetching } = useProviderCheck(account.id);
  if (isFetching)
    return (
      <Alert role="status" color="gray" icon={<Loader size={18} aria-hidden />} title={texts.checking}>
        {texts.checkHint}
      </Alert>
    );
  if (error !== null)
    return (
      <Alert role="alert" color="red" icon={<IconCircleX size={20} />} title={texts.checkFailed}>
        <p className="along" dir="auto">
          {asProblem(error).detail || strings.problems.title}
        </p>
      </Alert>
    );
  if (answer === undefined) return null;
  return (
    <Alert
      role="status"
      color={answer.ok ? "green" : "red"}
      icon={answer.ok ? <IconCircleCheck size={20} /> : <IconCircleX size={20} />}
      title={answer.ok ? texts.checkGood : texts.checkBad}
    >
      <p className="along" dir="auto">
        {answer.detail}
      </p>
    </Alert>
  );
}
