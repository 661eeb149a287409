import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import type { Settings } from "../../../server/accounts/settings-schema.ts";
import { useSaveSettings } from "../../api/settings.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { useUnsaved } from "../../ui/useUnsaved.tsx";
import { LoadedSettings } from "./LoadedSettings.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";

/** What a push shows where its message does not say. */
export function TextsPage() {
  const { strings } = useWords();
  const texts = strings.settings.texts;
  return (
    <SettingsFrame title={texts.title} lead={texts.lead}>
      <LoadedSettings>{(settings) => <TextsForm settings={settings} />}</LoadedSettings>
    </SettingsFrame>
  );
}

function TextsForm({ settings: { name, defaultTexts } }: { settings: Settings }) {
  const { strings } = useWords();
  const texts = strings.settings.texts;
  const save = useSaveSettings();
  const sayProblem = useSayProblem();
  const form = useForm({
    initialValues: { title: defaultTexts.title ?? "", alert: defaultTexts.alert ?? "" },
  });
  const unsaved = useUnsaved(form.isDirty());
  const submit = form.onSubmit(({ title, alert }) =>
    save.mutate(
      { defaultTexts: { title: title.trim() || null, alert: alert.trim() || null } },
      {
        onSuccess: () => {
          form.resetDirty();
          notifications.show({ message: strings.settings.saved });
        },
        onError: sayProblem,
      },
    ),
  );
  return (
    <form noValidate onSubmit={submit}>
      {unsaved.dialog}
      <Stack gap="md">
        <Card>
          <Stack gap="md">
            <TextInput
              label={texts.notice}
              description={texts.noticeHint}
              inputWrapperOrder={belowInput}
              attributes={{ input: { dir: "auto" } }}
              placeholder={name}
              maxLength={100}
              {...form.getInputProps("title")}
            />
            <Textarea
              label={texts.alert}
              description={texts.alertHint}
              inputWrapperOrder={belowInput}
              attributes={{ input: { dir: "auto" } }}
              placeholder={texts.alertExample}
              autosize
              minRows={2}
              maxLength={500}
              {...form.getInputProps("alert")}
            />
          </Stack>
        </Card>
        <Group>
          <Button type="submit" loading={save.isPending}>
            {strings.settings.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
