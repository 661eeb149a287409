import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { SettingsAnswer } from "../../../server/accounts/settings-schema.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { readWhole } from "../campaigns/plan.ts";
import { LoadedSettings } from "./LoadedSettings.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";
import styles from "./SettingsPage.module.css";
import { useSaving } from "./useSaving.tsx";

/** How long things are kept. */
export function RetentionPage() {
  const { strings } = useWords();
  const texts = strings.settings.retention;
  return (
    <SettingsFrame title={texts.title} lead={texts.lead}>
      <LoadedSettings>
        {(settings) => (
          <>
            <FilesCard saved={settings.importFileDays} />
            <OperatorCard operator={settings.operator} />
          </>
        )}
      </LoadedSettings>
    </SettingsFrame>
  );
}

const usualDays = 90;

function FilesCard({ saved }: { saved: number | null }) {
  const { strings, format } = useWords();
  const texts = strings.settings.retention;
  const [isLimited, setLimited] = useState(saved !== null);
  const [days, setDays] = useState(format.plain(saved ?? usualDays));
  const [isChecked, setChecked] = useState(false);
  const read = readWhole(days, 1, 3650);
  const saving = useSaving((isLimited ? read : null) !== saved);
  const submit = () => {
    setChecked(true);
    if (isLimited && read === null) return;
    void saving.save({ importFileDays: isLimited ? read : null });
  };
  return (
    <Card title={texts.files} hint={texts.filesHint}>
      {saving.dialog}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Checkbox
            label={texts.filesOn}
            checked={isLimited}
            onChange={({ currentTarget }) => setLimited(currentTarget.checked)}
          />
          {isLimited && (
            <div className={styles.pair}>
              <TextInput
                label={texts.days}
                description={texts.daysHint}
                inputWrapperOrder={belowInput}
                inputMode="numeric"
                maxLength={4}
                value={days}
                onChange={({ currentTarget }) => setDays(currentTarget.value)}
                error={isChecked && read === null ? texts.daysWrong : undefined}
              />
            </div>
          )}
          <Group>
            <Button type="submit" loading={saving.isPending}>
              {strings.settings.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function OperatorCard({ operator }: { operator: SettingsAnswer["operator"] }) {
  const { strings, format } = useWords();
  const texts = strings.settings.retention;
  const spanOf = (months: number | null) =>
    months === null ? texts.forGood : texts.months(months, format.number(months));
  return (
    <Card title={texts.operator} hint={texts.operatorHint}>
      <Facts
        facts={[
          { name: texts.events, value: <Operated span={spanOf(operator.eventMonths)} by="EVENT_MONTHS" /> },
          {
            name: texts.deliveries,
            value: <Operated span={spanOf(operator.messageMonths)} by="MESSAGE_MONTHS" />,
          },
        ]}
      />
    </Card>
  );
}

function Operated({ span, by }: { span: string; by: string }) {
  return (
    <>
      {span} <bdi className="mono faint">{by}</bdi>
    </>
  );
}
