import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { InvitationShown } from "../../../server/signin/schema.ts";
import { useAcceptInvitation, useInvitation } from "../../api/account.ts";
import { asProblem } from "../../api/problem.ts";
import { sessionQuery, useSignInWays } from "../../api/session.ts";
import { useWords } from "../../ui/language.tsx";
import { PageSkeleton } from "../../ui/States.tsx";
import { Entrance } from "./Entrance.tsx";

const storageKey = "chapar.invitation";

/** Who must sign in first comes back to this page without the fragment; then the code is in the tab's own storage. */
function readCode(): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get("code");
  if (code !== null) sessionStorage.setItem(storageKey, code);
  return code ?? sessionStorage.getItem(storageKey);
}

/** Takes an invitation: the code stands in the address's fragment, which no server and no log ever sees. */
export function JoinPage() {
  const { strings } = useWords();
  const [code] = useState(readCode);
  useEffect(() => {
    if (window.location.hash !== "") window.history.replaceState(window.history.state, "", "/join");
  }, []);
  if (code === null) return <Closed text={strings.access.join.noCode} />;
  return <Opened code={code} />;
}

function Closed({ text }: { text: string }) {
  const { strings } = useWords();
  return (
    <Entrance title={strings.product} lead={strings.tagline}>
      <Stack gap="md">
        <p className="soft">{text}</p>
        <Button component={Link} to="/signin" variant="default" fullWidth>
          {strings.access.join.toSignIn}
        </Button>
      </Stack>
    </Entrance>
  );
}

function Opened({ code }: { code: string }) {
  const { strings } = useWords();
  const texts = strings.access.join;
  const invitation = useInvitation(code);
  const session = useQuery(sessionQuery);
  const shown = invitation.data;
  useEffect(() => {
    if (shown !== undefined) document.title = `${texts.title(shown.app)} · ${strings.product}`;
  }, [shown, texts, strings]);
  if (invitation.isError) {
    const { code: kind, detail } = asProblem(invitation.error);
    return <Closed text={kind === "sign_in_link_used" ? texts.gone : detail || strings.problems[kind]} />;
  }
  if (shown === undefined || session.data === undefined) return <PageSkeleton />;
  return (
    <Entrance
      title={texts.title(shown.app)}
      lead={texts.lead(shown.invitedBy, strings.access.roles[shown.role])}
    >
      {shown.hasAccount ? (
        <Member code={code} shown={shown} signedInAs={session.data?.account.email ?? null} />
      ) : (
        <Newcomer code={code} shown={shown} />
      )}
    </Entrance>
  );
}

/** Who has an account takes it with their session. */
function Member(props: { code: string; shown: InvitationShown; signedInAs: string | null }) {
  const { strings } = useWords();
  const texts = strings.access.join;
  const { accept, submit } = useAccept(props.code);
  const { email } = props.shown;
  if (props.signedInAs === email)
    return (
      <Stack gap="md">
        {accept.isError && <Failure error={accept.error} />}
        <Button fullWidth size="md" loading={accept.isPending} onClick={() => submit({})}>
          {texts.submit}
        </Button>
      </Stack>
    );
  return (
    <Stack gap="md">
      {props.signedInAs !== null && <p className="soft">{texts.asOther(props.signedInAs)}</p>}
      <p>{texts.signInFirst(email)}</p>
      <Button
        renderRoot={(props) => <Link to="/signin" search={{ returnTo: "/join" }} {...props} />}
        fullWidth
      >
        {texts.toSignIn}
      </Button>
    </Stack>
  );
}

function Newcomer({ code, shown }: { code: string; shown: InvitationShown }) {
  const { strings } = useWords();
  const texts = strings.access.join;
  const { company } = useSignInWays().data ?? { company: null };
  const { accept, submit } = useAccept(code);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [faults, setFaults] = useState<{ name?: string; password?: string }>({});
  const join = (withPassword: boolean) => {
    const missing = {
      ...(name.trim() === "" ? { name: strings.signIn.required } : {}),
      ...(withPassword && password.length < 8 ? { password: strings.welcome.passwordHint } : {}),
    };
    setFaults(missing);
    if (Object.keys(missing).length > 0) return;
    submit(
      { name: name.trim(), ...(withPassword ? { password } : {}) },
      {
        onWeak: () => setFaults({ password: strings.access.account.weak }),
        // They are in the team now; the company's sign-in lets them in.
        onUnauthorized: () => window.location.assign("/api/session/company"),
      },
    );
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        join(true);
      }}
    >
      <Stack gap="md">
        {accept.isError && faults.password === undefined && <Failure error={accept.error} />}
        <TextInput
          label={strings.access.account.email}
          value={shown.email}
          readOnly
          dir="ltr"
          autoComplete="username"
        />
        <TextInput
          label={texts.name}
          autoComplete="name"
          autoFocus
          maxLength={100}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={faults.name}
        />
        <PasswordInput
          label={texts.password}
          description={faults.password === undefined ? strings.access.account.nextHint : undefined}
          autoComplete="new-password"
          dir="ltr"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          error={faults.password}
        />
        <Button type="submit" fullWidth size="md" loading={accept.isPending}>
          {texts.submit}
        </Button>
        {company !== null && (
          <Button variant="default" fullWidth onClick={() => join(false)}>
            {texts.withCompany(company.name)}
          </Button>
        )}
      </Stack>
    </form>
  );
}

function useAccept(code: string) {
  const navigate = useNavigate();
  const accept = useAcceptInvitation();
  const submit = (
    details: { name?: string; password?: string },
    told: { onWeak?(): void; onUnauthorized?(): void } = {},
  ) =>
    accept.mutate(
      { code, ...details },
      {
        onSuccess: () => {
          sessionStorage.removeItem(storageKey);
          void navigate({ to: "/" });
        },
        onError: (error) => {
          const problem = asProblem(error);
          if (problem.errors.some(({ pointer }) => pointer === "/password")) told.onWeak?.();
          else if (problem.code === "unauthorized") told.onUnauthorized?.();
        },
      },
    );
  return { accept, submit };
}

function Failure({ error }: { error: unknown }) {
  const { strings } = useWords();
  const { code } = asProblem(error);
  return (
    <Alert color="red" role="alert">
      {code === "sign_in_link_used" ? strings.access.join.gone : strings.problems[code]}
    </Alert>
  );
}
