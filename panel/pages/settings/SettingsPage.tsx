import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Settings } from "../../../server/accounts/settings-schema.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { TimeField } from "../../ui/TimeField.tsx";
import { ZoneSelect } from "../campaigns/ZoneSelect.tsx";
import { LoadedSettings } from "./LoadedSettings.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";
import styles from "./SettingsPage.module.css";
import { useSaving } from "./useSaving.tsx";
import { faultsOf, type SettingsValues, valuesOf, writeSettings } from "./values.ts";

/** What the app is called, and what every campaign of it keeps to. */
export function SettingsPage() {
  const { strings } = useWords();
  const texts = strings.settings;
  return (
    <SettingsFrame title={texts.nav.general} lead={texts.lead}>
      <LoadedSettings>{(settings) => <SettingsForm settings={settings} />}</LoadedSettings>
    </SettingsFrame>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const { strings } = useWords();
  const texts = strings.settings;
  const [values, setValues] = useState(() => valuesOf(settings));
  const [saved, setSaved] = useState(values);
  const [isChecked, setChecked] = useState(false);
  const saving = useSaving(values !== saved);
  const faults = faultsOf(values, strings);
  const set = (change: Partial<SettingsValues>) => setValues((old) => ({ ...old, ...change }));
  const submit = async () => {
    setChecked(true);
    const written = writeSettings(values);
    if (Object.keys(faults).length > 0 || written === null) return;
    if (await saving.save(written)) setSaved(values);
  };
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {saving.dialog}
      <Card>
        <Stack gap="md">
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            inputWrapperOrder={belowInput}
            attributes={{ input: { dir: "auto" } }}
            maxLength={100}
            value={values.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
            error={isChecked ? faults.name : undefined}
          />
          <ZoneSelect
            label={texts.zone}
            hint={texts.zoneHint}
            value={values.timeZone}
            onChange={(timeZone) => set({ timeZone })}
          />
        </Stack>
      </Card>
      <Parts values={values} set={set} faults={isChecked ? faults : {}} />
      <Group>
        <Button type="submit" loading={saving.isPending}>
          {texts.save}
        </Button>
      </Group>
    </form>
  );
}

interface PartsProps {
  values: SettingsValues;
  set(change: Partial<SettingsValues>): void;
  faults: ReturnType<typeof faultsOf>;
}

function Parts({ values, set, faults }: PartsProps) {
  const { strings, format } = useWords();
  const texts = strings.settings;
  const cap = writeSettings(values)?.frequencyCap ?? null;
  return (
    <>
      <Card title={texts.quiet} hint={texts.quietHint}>
        <Stack gap="md">
          <Checkbox
            label={texts.quietOn}
            checked={values.hasQuiet}
            onChange={({ currentTarget }) => set({ hasQuiet: currentTarget.checked })}
          />
          {values.hasQuiet && (
            <>
              <div className={styles.pair}>
                <TimeField
                  label={texts.from}
                  value={values.from}
                  onChange={(from) => set({ from })}
                  error={faults.from}
                />
                <TimeField
                  label={texts.to}
                  value={values.to}
                  onChange={(to) => set({ to })}
                  error={faults.to}
                />
              </div>
              {values.to < values.from && <p className="faint">{texts.overNight}</p>}
            </>
          )}
        </Stack>
      </Card>
      <Card title={texts.cap} hint={texts.capHint}>
        <Stack gap="md">
          <Checkbox
            label={texts.capOn}
            checked={values.hasCap}
            onChange={({ currentTarget }) => set({ hasCap: currentTarget.checked })}
          />
          {values.hasCap && (
            <>
              <div className={styles.pair}>
                <TextInput
                  label={texts.messages}
                  inputMode="numeric"
                  maxLength={2}
                  value={values.messages}
                  onChange={({ currentTarget }) => set({ messages: currentTarget.value })}
                  error={faults.messages}
                />
                <TextInput
                  label={texts.hours}
                  inputMode="numeric"
                  maxLength={3}
                  value={values.hours}
                  onChange={({ currentTarget }) => set({ hours: currentTarget.value })}
                  error={faults.hours}
                />
              </div>
              {cap !== null && (
                <p className="faint">
                  {texts.sentence(format.number(cap.messages), format.duration(cap.hours * 3600))}
                </p>
              )}
            </>
          )}
        </Stack>
      </Card>
    </>
  );
}
