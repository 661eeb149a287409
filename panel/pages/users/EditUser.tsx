import { Button, Group, Modal, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPencil } from "@tabler/icons-react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import { useEditUser } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { IdentityFields } from "./IdentityFields.tsx";
import { userFaults } from "./userFaults.ts";

/** Changes how a user is reached, and their language. */
export function EditUser({ user }: { user: UserWithInstallations }) {
  const { strings } = useWords();
  const texts = strings.users.edit;
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={dialog.open}>
        {texts.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={<strong>{texts.title}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <EditUserForm user={user} onClose={dialog.close} />
      </Modal>
    </>
  );
}

function EditUserForm({ user, onClose }: { user: UserWithInstallations; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.users.edit;
  const edit = useEditUser(user.userId);
  const sayProblem = useSayProblem();
  const form = useForm({
    initialValues: {
      email: user.email ?? "",
      phone: user.phone === null ? "" : `+${user.phone}`,
      language: user.language ?? "",
    },
  });
  const submit = form.onSubmit(({ email, phone, language }) =>
    edit.mutate(
      { email: email.trim() || null, phone: phone.trim() || null, language: language.trim() || null },
      {
        onSuccess: () => {
          notifications.show({ message: texts.saved });
          onClose();
        },
        onError: (error) => {
          const faults = userFaults(error, strings);
          if (faults) form.setErrors(faults);
          else sayProblem(error);
        },
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <IdentityFields form={form} />
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={edit.isPending}>
            {texts.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
