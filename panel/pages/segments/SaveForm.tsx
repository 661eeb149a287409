import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Segment } from "../../../server/segments/schema.ts";
import { ApiProblem } from "../../api/problem.ts";
import { type Filter, useCreateSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

const maxName = 128;

interface SaveFormProps {
  kind: Segment["kind"];
  filter: Filter;
  onSaved(saved: Segment): void;
  onClose(): void;
}

/** Asks for a name and saves under it. */
export function SaveForm({ kind, filter, onSaved, onClose }: SaveFormProps) {
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
      { name: name.trim(), kind, filter },
      {
        onSuccess: onSaved,
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
          description={kind === "static" ? texts.listHint : texts.hint}
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
