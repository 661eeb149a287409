import { Badge, Button, Group, Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMemo, useState } from "react";
import { renderSVG } from "uqr";
import type { SecondFactor, Session } from "../../../server/signin/schema.ts";
import {
  useConfirmSecondFactor,
  usePrepareSecondFactor,
  useRemoveSecondFactor,
  useRenewBackupCodes,
} from "../../api/account.ts";
import { asProblem } from "../../api/problem.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./AccountPage.module.css";

type Step = "on" | "off" | "renew";

/** Turns the code of an authenticator app on and off. */
export function SecondFactorCard({ account }: { account: Session["account"] }) {
  const { strings } = useWords();
  const texts = strings.access.account;
  const [step, setStep] = useState<Step | null>(null);
  const { hasSecondFactor } = account;
  return (
    <Card
      title={texts.secondFactor}
      hint={texts.secondFactorHint}
      actions={
        <Badge variant="light" color={hasSecondFactor ? "green" : "gray"}>
          {hasSecondFactor ? texts.isOn : texts.isOff}
        </Badge>
      }
    >
      <Group gap="xs">
        {hasSecondFactor ? (
          <>
            <Button variant="default" onClick={() => setStep("renew")}>
              {texts.renew}
            </Button>
            <Button variant="default" color="red" onClick={() => setStep("off")}>
              {texts.turnOff}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setStep("on")}>
            {texts.turnOn}
          </Button>
        )}
      </Group>
      {step !== null && <Steps step={step} onClose={() => setStep(null)} />}
    </Card>
  );
}

function Steps({ step, onClose }: { step: Step; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.access.account;
  const [made, setMade] = useState<SecondFactor | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const prepare = usePrepareSecondFactor();
  const remove = useRemoveSecondFactor();
  const renew = useRenewBackupCodes();
  const title = { on: texts.turnOn, off: texts.turnOff, renew: texts.renew }[step];
  const prove = async (password: string) => {
    if (step === "on") return setMade(await prepare.mutateAsync({ password }));
    if (step === "renew") return setCodes(await renew.mutateAsync({ password }));
    await remove.mutateAsync({ password });
    notifications.show({ message: texts.isTurnedOff });
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      {codes !== null ? (
        <BackupCodes codes={codes} onClose={onClose} />
      ) : made !== null ? (
        <Confirm
          made={made}
          onDone={() => {
            notifications.show({ message: texts.isTurnedOn });
            setCodes(made.backupCodes);
          }}
        />
      ) : (
        <Proof
          action={step === "off" ? texts.turnOff : strings.common.next}
          isDangerous={step === "off"}
          onProve={prove}
        />
      )}
    </Modal>
  );
}

function Proof(props: { action: string; isDangerous: boolean; onProve(password: string): Promise<void> }) {
  const { strings } = useWords();
  const texts = strings.access.account;
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const sayProblem = useSayProblem();
  const submit = async () => {
    setPending(true);
    try {
      await props.onProve(password);
    } catch (error) {
      if (asProblem(error).errors.some(({ pointer }) => pointer === "/password")) setFault(texts.wrong);
      else sayProblem(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="md">
        <PasswordInput
          label={texts.proof}
          description={texts.proofHint}
          inputWrapperOrder={belowInput}
          autoComplete="current-password"
          dir="ltr"
          data-autofocus
          value={password}
          onChange={({ currentTarget }) => {
            setPassword(currentTarget.value);
            setFault(null);
          }}
          error={fault}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} {...(props.isDangerous ? { color: "red" } : {})}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Confirm({ made, onDone }: { made: SecondFactor; onDone(): void }) {
  const { strings } = useWords();
  const texts = strings.access.account;
  const [code, setCode] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const confirm = useConfirmSecondFactor();
  // A picture by address: nothing of it is put into the page.
  const image = useMemo(
    () => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(renderSVG(made.uri))}`,
    [made.uri],
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(code.replaceAll(/\s/g, ""), {
          onSuccess: onDone,
          onError: () => setFault(texts.codeWrong),
        });
      }}
    >
      <Stack gap="md">
        <strong>{texts.scan}</strong>
        <img className={styles.qr} src={image} alt={texts.qr} />
        <p className="soft">{texts.scanHint}</p>
        <CodeBlock code={made.secret} label={texts.scan} />
        <TextInput
          label={texts.code}
          description={texts.codeHint}
          inputWrapperOrder={belowInput}
          inputMode="numeric"
          autoComplete="one-time-code"
          dir="ltr"
          value={code}
          onChange={({ currentTarget }) => {
            setCode(currentTarget.value);
            setFault(null);
          }}
          error={fault}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending}>
            {texts.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function BackupCodes({ codes, onClose }: { codes: readonly string[]; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.access.account;
  return (
    <Stack gap="md">
      <strong>{texts.backup}</strong>
      <p className="soft">{texts.backupHint}</p>
      <CodeBlock code={codes.join("\n")} label={texts.backup} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{strings.access.team.done}</Button>
      </Group>
    </Stack>
  );
}
