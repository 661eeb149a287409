import { Alert, Autocomplete, Button, Group, Select, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import { attributeTypes } from "../../../server/users/attribute-types.ts";
import { useEditUser } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { AttributeFields } from "./AttributeFields.tsx";
import { type AttributeType, draftOf, readDraft } from "./attributeValues.ts";

interface AttributeFormProps {
  user: UserWithInstallations;
  /** Types of the attributes there are. */
  known: ReadonlyMap<string, AttributeType>;
  /** Null adds one. */
  attribute: { name: string; type: AttributeType } | null;
  onClose(): void;
}

// A new attribute gets its type by its first value, and no value says that it is a time of day.
const newTypes = attributeTypes.filter((type) => type !== "TIME");

/** One attribute: its name and type when it is added, its value, and a way to take it away. */
export function AttributeForm({ user, known, attribute, onClose }: AttributeFormProps) {
  const { strings } = useWords();
  const texts = strings.users.attribute;
  const edit = useEditUser(user.userId);
  const sayProblem = useSayProblem();
  const [refused, setRefused] = useState<string | null>(null);
  const before = attribute && user.attributes[attribute.name];
  const form = useForm({
    initialValues: {
      name: attribute?.name ?? "",
      type: attribute?.type ?? ("TEXT" as AttributeType),
      ...draftOf(attribute?.type ?? "TEXT", before ?? undefined),
    },
    validate: { name: (name) => (name.trim() === "" ? texts.nameRequired : null) },
  });
  const name = form.values.name.trim();
  const fixed = known.get(name) ?? attribute?.type;
  const type = fixed ?? form.values.type;

  const save = (value: unknown) =>
    edit.mutate(
      { attributes: { [name]: value } },
      {
        onSuccess: (answer) => {
          const [fault] = answer.refused ?? [];
          if (fault) return setRefused(fault.detail);
          notifications.show({ message: strings.users.edit.saved });
          onClose();
        },
        onError: sayProblem,
      },
    );
  const submit = form.onSubmit((values) => {
    setRefused(null);
    const value = readDraft(type, values, before);
    if (value !== undefined) save(value);
    else form.setFieldError("text", type === "OBJECT" ? texts.jsonInvalid : texts.valueRequired);
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {attribute === null && (
          <>
            <Autocomplete
              label={texts.name}
              description={texts.nameHint}
              data={[...known.keys()]}
              limit={50}
              maxLength={128}
              data-autofocus
              attributes={{ input: { dir: "auto" } }}
              {...form.getInputProps("name")}
            />
            <Select
              label={texts.type}
              description={fixed === undefined ? undefined : texts.typeFixed}
              data={(fixed === undefined ? newTypes : [fixed]).map((each) => ({
                value: each,
                label: strings.users.attributeTypes[each],
              }))}
              value={type}
              disabled={fixed !== undefined}
              allowDeselect={false}
              // The options are these types.
              onChange={(chosen) => form.setFieldValue("type", chosen as AttributeType)}
            />
          </>
        )}
        <AttributeFields form={form} type={type} />
        {refused !== null && (
          <Alert color="red" role="alert">
            <span dir="auto">{refused}</span>
          </Alert>
        )}
        <Group justify="space-between" gap="xs" mt="xs">
          {attribute === null ? (
            <span />
          ) : (
            <Button variant="subtle" color="red" disabled={edit.isPending} onClick={() => save(null)}>
              {texts.unset}
            </Button>
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {strings.common.cancel}
            </Button>
            <Button type="submit" loading={edit.isPending}>
              {texts.save}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
