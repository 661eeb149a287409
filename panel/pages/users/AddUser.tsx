import { Button, Group, Modal, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconUserPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useAddUser, useTags } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { IdentityFields } from "./IdentityFields.tsx";
import { userFaults } from "./userFaults.ts";

/** Adds one user by hand, and goes to their page. */
export function AddUser() {
  const { strings } = useWords();
  const texts = strings.users.add;
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconUserPlus size={16} />} onClick={dialog.open}>
        {texts.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={<strong>{texts.title}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <AddUserForm onClose={dialog.close} />
      </Modal>
    </>
  );
}

function AddUserForm({ onClose }: { onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.users.add;
  const add = useAddUser();
  const known = useTags().data ?? [];
  const navigate = useNavigate();
  const sayProblem = useSayProblem();
  const form = useForm({
    initialValues: { userId: "", name: "", email: "", phone: "", language: "", tags: [] as string[] },
    validate: { userId: (value) => (value.trim() === "" ? texts.required : null) },
  });
  const submit = form.onSubmit(({ userId, name, email, phone, language, tags }) =>
    add.mutate(
      {
        userId: userId.trim(),
        // The server takes what is left out for unknown.
        ...(email.trim() && { email: email.trim() }),
        ...(phone.trim() && { phone: phone.trim() }),
        ...(language.trim() && { language: language.trim() }),
        ...(name.trim() && { attributes: { name: name.trim() } }),
        ...(tags.length > 0 && { tags }),
      },
      {
        onSuccess: (user) => {
          notifications.show({ message: texts.added(name.trim() || user.userId) });
          void navigate({ to: "/users/$userId", params: { userId: user.userId } });
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
        <TextInput
          label={texts.userId}
          description={texts.userIdHint}
          withAsterisk
          data-autofocus
          autoComplete="off"
          attributes={{ input: { dir: "auto" } }}
          maxLength={128}
          {...form.getInputProps("userId")}
        />
        <TextInput
          label={texts.name}
          autoComplete="off"
          attributes={{ input: { dir: "auto" } }}
          maxLength={400}
          {...form.getInputProps("name")}
        />
        <IdentityFields form={form} />
        <TagsInput
          label={texts.tags}
          description={texts.tagsHint}
          data={known}
          limit={100}
          {...form.getInputProps("tags")}
        />
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {texts.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
