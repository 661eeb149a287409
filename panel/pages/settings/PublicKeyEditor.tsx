import { Button, Group, Modal, Stack, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { PublicKey } from "../../../server/accounts/public-keys-schema.ts";
import { originOf } from "../../../server/lib/origin.ts";
import { useSavePublicKey } from "../../api/publicKeys.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

interface PublicKeyEditorProps {
  /** Null for a new one. */
  publicKey: PublicKey | null;
  onClose(): void;
}

/** The name of a public key, and the pages that may use it. */
export function PublicKeyEditor({ publicKey, onClose }: PublicKeyEditorProps) {
  const { strings } = useWords();
  const texts = strings.settings.apps;
  const [name, setName] = useState(publicKey?.name ?? "");
  const [origins, setOrigins] = useState(publicKey?.origins ?? []);
  const [isChecked, setChecked] = useState(false);
  const save = useSavePublicKey(publicKey?.id ?? null);
  const sayProblem = useSayProblem();
  const isNamed = name.trim() !== "";
  const wrong = origins.find((text) => originOf(text) === null);
  const submit = () => {
    setChecked(true);
    if (!isNamed || wrong !== undefined) return;
    save.mutate({ name: name.trim(), origins }, { onSuccess: onClose, onError: sayProblem });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{publicKey === null ? texts.addTitle : texts.editTitle(publicKey.name)}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            inputWrapperOrder={belowInput}
            attributes={{ input: { dir: "auto" } }}
            maxLength={100}
            data-autofocus
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={isChecked && !isNamed ? texts.nameWrong : undefined}
          />
          <TagsInput
            label={texts.origins}
            description={texts.originsHint}
            inputWrapperOrder={belowInput}
            attributes={{ input: { dir: "ltr" } }}
            maxTags={50}
            value={origins}
            // Whoever pastes the address of a page means where it is from.
            onChange={(given) => setOrigins([...new Set(given.map((text) => originOf(text) ?? text))])}
            error={wrong === undefined ? undefined : texts.originsWrong(wrong)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {strings.common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
