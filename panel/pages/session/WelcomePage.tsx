import "./jitless.ts";
import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { FirstSignIn } from "../../../server/signin/schema.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useFirstSignIn } from "../../api/session.ts";
import { useWords } from "../../ui/language.tsx";
import { Entrance } from "./Entrance.tsx";
import { validateWith } from "./validate.ts";

/** The first sign-in: the code stands in the address's fragment, which no server and no log ever sees. */
export function WelcomePage() {
  const { strings } = useWords();
  const texts = strings.welcome;
  const [code] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get("code"));
  useEffect(() => {
    document.title = `${texts.title} · ${strings.product}`;
    // The code works once and must not stay in the history.
    if (window.location.hash !== "") window.history.replaceState(window.history.state, "", "/welcome");
  }, [texts, strings]);

  return (
    <Entrance title={texts.title} lead={texts.lead}>
      {code === null ? (
        <Stack gap="md">
          <p className="soft">{texts.noCode}</p>
          <Button component={Link} to="/signin" variant="default" fullWidth>
            {texts.toSignIn}
          </Button>
        </Stack>
      ) : (
        <FirstSignInForm code={code} />
      )}
    </Entrance>
  );
}

function FirstSignInForm({ code }: { code: string }) {
  const { strings } = useWords();
  const texts = strings.welcome;
  const navigate = useNavigate();
  const create = useFirstSignIn();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { code, name: "", email: "", password: "" },
    validate: validateWith(FirstSignIn, {
      name: strings.signIn.required,
      email: strings.signIn.emailInvalid,
      password: texts.passwordHint,
    }),
  });

  const submit = form.onSubmit((values) =>
    create.mutate(values, {
      onSuccess: () => void navigate({ to: "/" }),
      onError: (error) => {
        if (!(error instanceof ApiProblem)) return;
        for (const fault of error.errors) form.setFieldError(fault.pointer.slice(1), fault.detail);
      },
    }),
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {create.isError && <FirstSignInFailure error={create.error} />}
        <TextInput
          label={texts.name}
          autoComplete="name"
          autoFocus
          key={form.key("name")}
          {...form.getInputProps("name")}
        />
        <TextInput
          label={texts.email}
          type="email"
          autoComplete="username"
          dir="ltr"
          key={form.key("email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={texts.password}
          description={form.errors.password === undefined ? texts.passwordHint : undefined}
          autoComplete="new-password"
          dir="ltr"
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        <Button type="submit" loading={create.isPending} fullWidth size="md">
          {texts.submit}
        </Button>
      </Stack>
    </form>
  );
}

function FirstSignInFailure({ error }: { error: unknown }) {
  const { strings } = useWords();
  const isUsed = error instanceof ApiProblem && error.code === "sign_in_link_used";
  const code = error instanceof ApiProblem ? error.code : "unexpected";
  return (
    <Alert color="red" role="alert">
      {isUsed ? strings.welcome.used : strings.problems[code]}
      {isUsed && (
        <p>
          <Link to="/signin" className="text-link">
            {strings.welcome.toSignIn}
          </Link>
        </p>
      )}
    </Alert>
  );
}
