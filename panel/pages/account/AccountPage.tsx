import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "../../../server/signin/schema.ts";
import { useChangePassword, useRename } from "../../api/account.ts";
import { asProblem } from "../../api/problem.ts";
import { sessionQuery } from "../../api/session.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./AccountPage.module.css";
import { Devices } from "./Devices.tsx";
import { SecondFactorCard } from "./SecondFactorCard.tsx";

/** One's own account: name, password, second factor, and where one is signed in. */
export function AccountPage() {
  const { strings } = useWords();
  const texts = strings.access.account;
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (session === null) return null; // on the way to the sign-in page
  const { account } = session;
  return (
    <div className={styles.page}>
      <PageHeader title={texts.title} lead={texts.lead} />
      <NameCard account={account} />
      {account.hasPassword ? (
        <PasswordCard />
      ) : (
        <Card title={texts.password}>
          <p className="soft">{texts.noPassword}</p>
        </Card>
      )}
      {account.hasPassword && <SecondFactorCard account={account} />}
      <Devices />
    </div>
  );
}

function NameCard({ account }: { account: Session["account"] }) {
  const { strings } = useWords();
  const texts = strings.access.account;
  const [name, setName] = useState(account.name);
  const rename = useRename();
  const sayProblem = useSayProblem();
  const isMissing = name.trim() === "";
  return (
    <Card title={account.email}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isMissing) return;
          rename.mutate(name.trim(), {
            onSuccess: () => notifications.show({ message: texts.saved }),
            onError: sayProblem,
          });
        }}
      >
        <Stack gap="md" align="flex-start">
          <TextInput
            className={styles.field ?? ""}
            label={texts.name}
            autoComplete="name"
            maxLength={100}
            attributes={{ input: { dir: "auto" } }}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={isMissing ? strings.signIn.required : undefined}
          />
          <Button type="submit" variant="default" loading={rename.isPending}>
            {texts.save}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function PasswordCard() {
  const { strings } = useWords();
  const texts = strings.access.account;
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [faults, setFaults] = useState<{ current?: string; next?: string }>({});
  const change = useChangePassword();
  const sayProblem = useSayProblem();
  const submit = () => {
    const missing = {
      ...(current === "" ? { current: strings.signIn.required } : {}),
      ...(next.length < 8 ? { next: strings.welcome.passwordHint } : {}),
    };
    setFaults(missing);
    if (Object.keys(missing).length > 0) return;
    change.mutate(
      { currentPassword: current, newPassword: next },
      {
        onSuccess: () => {
          setCurrent("");
          setNext("");
          notifications.show({ message: texts.passwordChanged });
        },
        onError: (error) => {
          const [first] = asProblem(error).errors;
          if (first?.pointer === "/currentPassword") setFaults({ current: texts.wrong });
          else if (first?.pointer === "/newPassword") setFaults({ next: texts.weak });
          else sayProblem(error);
        },
      },
    );
  };
  return (
    <Card title={texts.password} hint={texts.passwordHint}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md" align="flex-start">
          <PasswordInput
            className={styles.field ?? ""}
            label={texts.current}
            autoComplete="current-password"
            dir="ltr"
            value={current}
            onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
            error={faults.current}
          />
          <PasswordInput
            className={styles.field ?? ""}
            label={texts.next}
            description={texts.nextHint}
            inputWrapperOrder={belowInput}
            autoComplete="new-password"
            dir="ltr"
            value={next}
            onChange={({ currentTarget }) => setNext(currentTarget.value)}
            error={faults.next}
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            {texts.change}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
