import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Settings } from "../../../server/accounts/settings-schema.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { LoadedSettings } from "./LoadedSettings.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";
import { useSaving } from "./useSaving.tsx";

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
  const form = useForm({
    initialValues: { title: defaultTexts.title ?? "", alert: defaultTexts.alert ?? "" },
  });
  const saving = useSaving(form.isDirty());
  const submit = form.onSubmit(async (values) => {
    const [title, alert] = [values.title.trim() || null, values.alert.trim() || null];
    if (await saving.save({ defaultTexts: { title, alert } })) form.resetDirty(values);
  });
  return (
    <form noValidate onSubmit={submit}>
      {saving.dialog}
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
          <Button type="submit" loading={saving.isPending}>
            {strings.settings.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
