import "./jitless.ts";
import { Alert, Button, Checkbox, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { SignIn } from "../../../server/signin/schema.ts";
import { asProblem } from "../../api/problem.ts";
import { useSignIn, useSignInCode, useSignInWays } from "../../api/session.ts";
import { useWords } from "../../ui/language.tsx";
import { Entrance } from "./Entrance.tsx";
import { validateWith } from "./validate.ts";

/** E-mail and password, and a code where one is wanted; or the company's own sign-in. */
export function SignInPage() {
  const { strings } = useWords();
  const texts = strings.signIn;
  const { returnTo } = useSearch({ from: "/signin" });
  const navigate = useNavigate();
  const router = useRouter();
  const [needsCode, setNeedsCode] = useState(false);
  useEffect(() => {
    document.title = `${texts.title} · ${strings.product}`;
  }, [texts, strings]);
  const enter = () => {
    if (returnTo === undefined) void navigate({ to: "/" });
    else router.history.push(returnTo);
  };
  if (needsCode)
    return (
      <Entrance title={strings.access.signIn.codeTitle} lead={strings.access.signIn.codeLead}>
        <CodeForm onDone={enter} onAgain={() => setNeedsCode(false)} />
      </Entrance>
    );
  return (
    <Entrance title={texts.title} lead={strings.tagline}>
      <PasswordForm onDone={enter} onCodeWanted={() => setNeedsCode(true)} />
    </Entrance>
  );
}

function PasswordForm({ onDone, onCodeWanted }: { onDone(): void; onCodeWanted(): void }) {
  const { strings } = useWords();
  const texts = strings.signIn;
  const { fault } = useSearch({ from: "/signin" });
  const { company } = useSignInWays().data ?? { company: null };
  const signIn = useSignIn();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "" },
    validate: validateWith(SignIn, { email: texts.emailInvalid, password: texts.required }),
  });
  const submit = form.onSubmit((values) =>
    signIn.mutate(values, {
      onSuccess: (answer) => ("needsCode" in answer ? onCodeWanted() : onDone()),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {signIn.isError ? <SignInFailure error={signIn.error} /> : fault && <CompanyFault fault={fault} />}
        <TextInput
          label={texts.email}
          type="email"
          autoComplete="username"
          dir="ltr"
          autoFocus
          key={form.key("email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={texts.password}
          autoComplete="current-password"
          dir="ltr"
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth size="md">
          {texts.submit}
        </Button>
        {company !== null && (
          <>
            <Divider label={strings.access.signIn.or} />
            <Button component="a" href="/api/session/company" variant="default" fullWidth>
              {strings.access.signIn.company(company.name)}
            </Button>
          </>
        )}
      </Stack>
    </form>
  );
}

function CodeForm({ onDone, onAgain }: { onDone(): void; onAgain(): void }) {
  const { strings } = useWords();
  const texts = strings.access.signIn;
  const [code, setCode] = useState("");
  const [trustsDevice, setTrusts] = useState(false);
  const signIn = useSignInCode();
  const problem = signIn.isError ? asProblem(signIn.error) : null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate({ code: code.trim(), trustsDevice }, { onSuccess: onDone });
      }}
    >
      <Stack gap="md">
        {problem !== null && problem.code !== "validation" && (
          <Alert color="red" role="alert">
            {problem.detail || strings.problems[problem.code]}
          </Alert>
        )}
        <TextInput
          label={texts.code}
          autoComplete="one-time-code"
          dir="ltr"
          autoFocus
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
          error={problem?.code === "validation" ? strings.access.account.codeWrong : undefined}
        />
        <Checkbox
          label={texts.trust}
          checked={trustsDevice}
          onChange={({ currentTarget }) => setTrusts(currentTarget.checked)}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth size="md">
          {texts.submit}
        </Button>
        <Button variant="subtle" onClick={onAgain} fullWidth>
          {texts.again}
        </Button>
      </Stack>
    </form>
  );
}

/** Why the company's sign-in led back here. */
function CompanyFault({ fault }: { fault: string }) {
  const { strings } = useWords();
  const texts = strings.access.signIn.fault;
  // What better-auth calls it: whoever may not be made an account is nobody of the team.
  const kind =
    fault === "unreachable" ? "unreachable" : /sign_?up|not_found/.test(fault) ? "unknown" : "refused";
  return (
    <Alert color="red" role="alert">
      {texts[kind]}
    </Alert>
  );
}

function SignInFailure({ error }: { error: unknown }) {
  const { strings } = useWords();
  const problem = asProblem(error);
  if (problem.code === "unauthorized")
    return (
      <Alert color="red" role="alert">
        {strings.signIn.wrong}
      </Alert>
    );
  return (
    <Alert color="red" role="alert" title={strings.problems[problem.code]}>
      <span dir="auto">{problem.detail}</span>
    </Alert>
  );
}
