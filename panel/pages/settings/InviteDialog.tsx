import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { mayAssign, type Role, roles } from "../../../server/accounts/roles.ts";
import { asProblem } from "../../api/problem.ts";
import { useInvite } from "../../api/team.ts";
import { useApp } from "../../ui/appContext.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** Asks for an address and a role, and shows the link to hand on. */
export function InviteDialog({ onClose }: { onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.access.team;
  const { role: own } = useApp();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("marketer");
  const [fault, setFault] = useState<string | null>(null);
  const invite = useInvite();
  const sayProblem = useSayProblem();
  const submit = () => {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())) return setFault(strings.signIn.emailInvalid);
    invite.mutate(
      { email: email.trim(), role },
      {
        onError: (error) => {
          const [first] = asProblem(error).errors;
          if (first?.pointer === "/email") setFault(asProblem(error).detail);
          else sayProblem(error);
        },
      },
    );
  };
  const close = { "aria-label": strings.common.close };
  if (invite.data !== undefined)
    return (
      <Modal opened onClose={onClose} title={<strong>{texts.linkTitle}</strong>} closeButtonProps={close}>
        <Stack gap="md">
          <CodeBlock code={invite.data.link} label={texts.linkTitle} />
          <p className="soft">{texts.linkHint(invite.data.email)}</p>
          <Group justify="flex-end">
            <Button onClick={onClose}>{texts.done}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title={<strong>{texts.inviteTitle}</strong>} closeButtonProps={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={texts.email}
            description={texts.emailHint}
            inputWrapperOrder={belowInput}
            type="email"
            attributes={{ input: { dir: "ltr" } }}
            data-autofocus
            value={email}
            onChange={({ currentTarget }) => {
              setEmail(currentTarget.value);
              setFault(null);
            }}
            error={fault}
          />
          <Radio.Group label={texts.role} value={role} onChange={(value) => setRole(value as Role)}>
            <Stack gap="xs" mt={6}>
              {roles
                .filter((one) => mayAssign(own, one))
                .map((one) => (
                  <Radio
                    key={one}
                    value={one}
                    label={strings.access.roles[one]}
                    description={strings.access.roleHints[one]}
                  />
                ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {strings.common.cancel}
            </Button>
            <Button type="submit" loading={invite.isPending}>
              {texts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
