import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Segment } from "../../../server/segments/schema.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useEditSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

interface RenameSegmentProps {
  segment: Pick<Segment, "id" | "name">;
  isOpen: boolean;
  onClose(): void;
}

/** Gives a segment another name. Filters and messages that speak of it go on meaning it. */
export function RenameSegment({ isOpen, ...props }: RenameSegmentProps) {
  const { strings } = useWords();
  return (
    <Modal
      opened={isOpen}
      onClose={props.onClose}
      title={<strong>{strings.segments.detail.rename}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <RenameForm {...props} />
    </Modal>
  );
}

function RenameForm({ segment, onClose }: Omit<RenameSegmentProps, "isOpen">) {
  const { strings } = useWords();
  const texts = strings.segments;
  const edit = useEditSegment(segment.id);
  const sayProblem = useSayProblem();
  const form = useForm({
    initialValues: { name: segment.name },
    validate: { name: (value) => (value.trim() === "" ? texts.save.nameRequired : null) },
  });
  const rename = ({ name }: { name: string }) =>
    edit.mutate(
      { name: name.trim() },
      {
        onSuccess: onClose,
        onError: (error) => {
          if (error instanceof ApiProblem && error.code === "conflict")
            form.setFieldError("name", texts.save.taken);
          else sayProblem(error);
        },
      },
    );
  return (
    <form onSubmit={form.onSubmit(rename)} noValidate>
      <Stack gap="md">
        <TextInput
          label={texts.save.name}
          maxLength={128}
          attributes={{ input: { dir: "auto" } }}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={edit.isPending}>
            {texts.detail.rename}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
