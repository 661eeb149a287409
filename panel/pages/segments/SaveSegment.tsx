import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconBookmark } from "@tabler/icons-react";
import { ApiProblem } from "../../api/problem.ts";
import { type Target, useCreateSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

const maxName = 128;

/** Keeps a filter under a name, by which it can be sent to and looked at. Null cannot be kept. */
export function SaveSegment({ target }: { target: Target | null }) {
  const { strings } = useWords();
  const texts = strings.segments.save;
  const [isOpen, modal] = useDisclosure(false);
  return (
    <>
      <Button
        fullWidth
        mt="xs"
        variant="default"
        disabled={target === null}
        onClick={modal.open}
        leftSection={<IconBookmark size={16} />}
      >
        {texts.open}
      </Button>
      <Modal
        opened={isOpen && target !== null}
        onClose={modal.close}
        title={<strong>{texts.title}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        {target !== null && <SaveForm target={target} onClose={modal.close} />}
      </Modal>
    </>
  );
}

function SaveForm({ target, onClose }: { target: Target; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.segments.save;
  const create = useCreateSegment();
  const sayProblem = useSayProblem();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (value) => (value.trim() === "" ? texts.nameRequired : null) },
  });
  const save = ({ name }: { name: string }) =>
    create.mutate(
      { name: name.trim(), target },
      {
        onSuccess: (segment) => {
          notifications.show({ message: texts.saved(segment.name) });
          onClose();
        },
        onError: (error) => {
          if (error instanceof ApiProblem && error.code === "conflict")
            form.setFieldError("name", texts.taken);
          else sayProblem(error);
        },
      },
    );
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <Stack gap="md">
        <TextInput
          label={texts.name}
          description={texts.hint}
          placeholder={texts.placeholder}
          maxLength={maxName}
          attributes={{ input: { dir: "auto" } }}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {texts.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
