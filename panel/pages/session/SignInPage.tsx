import "./jitless.ts";
import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { SignIn } from "../../../server/signin/schema.ts";
import { asProblem } from "../../api/problem.ts";
import { useSignIn } from "../../api/session.ts";
import { useWords } from "../../ui/language.tsx";
import { Entrance } from "./Entrance.tsx";
import { validateWith } from "./validate.ts";

/** E-mail and password. */
export function SignInPage() {
  const { strings } = useWords();
  const texts = strings.signIn;
  const search = useSearch({ from: "/signin" });
  const navigate = useNavigate();
  const router = useRouter();
  const signIn = useSignIn();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "" },
    validate: validateWith(SignIn, { email: texts.emailInvalid, password: texts.required }),
  });
  useEffect(() => {
    document.title = `${texts.title} · ${strings.product}`;
  }, [texts, strings]);

  const submit = form.onSubmit((values) =>
    signIn.mutate(values, {
      onSuccess: () => {
        if (search.returnTo === undefined) void navigate({ to: "/" });
        else router.history.push(search.returnTo);
      },
    }),
  );

  return (
    <Entrance title={texts.title} lead={strings.tagline}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {signIn.isError && <SignInFailure error={signIn.error} />}
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
        </Stack>
      </form>
    </Entrance>
  );
}

function SignInFailure({ error }: { error: unknown }) {
  const { strings } = useWords();
  const problem = asProblem(error);
  return (
    <Alert color="red" role="alert">
      {problem.code === "unauthorized" ? strings.signIn.wrong : strings.problems[problem.code]}
    </Alert>
  );
}
