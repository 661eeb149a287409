import { Input, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import type { PersonKey } from "../../../server/imports/schema.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ChannelSelect } from "./ChannelSelect.tsx";
import { CountrySelect } from "./CountrySelect.tsx";
import type { Choices } from "./choices.ts";
import { nameOfField } from "./describeColumn.ts";
import styles from "./ImportForm.module.css";
import { readCount } from "./readCount.ts";
import { SegmentField } from "./SegmentField.tsx";
import type { Reading } from "./useReading.ts";

const keys = ["userId", "installationId", "phone", "email"] as const satisfies readonly PersonKey[];

interface OptionsStepProps {
  reading: Reading;
  choices: Choices;
  onChange(changed: Partial<Choices>): void;
  faultAt(name: string): string | undefined;
}

/** Whom the rows are about, where they go, and how strictly they are read. */
export function OptionsStep({ reading, choices, onChange, faultAt }: OptionsStepProps) {
  const { strings, format } = useWords();
  const texts = strings.imports.form;
  const { mapping } = strings.imports;
  const foundKey = choices.key === null ? (reading.preview?.understood.key ?? null) : null;
  return (
    <Card step={format.number(3)} title={texts.optionsTitle} hint={texts.optionsHint}>
      <div className={styles.fields}>
        <SegmentField
          value={choices.segment}
          onChange={(segment) => onChange({ segment })}
          error={faultAt("segment")}
        />
        <ChannelSelect
          format={reading.format}
          value={choices.channel}
          onChange={(channel) => onChange({ channel })}
          error={faultAt("channel")}
        />
        <CountrySelect
          value={choices.country}
          onChange={(country) => onChange({ country })}
          error={faultAt("country")}
        />
        {reading.format === "generic" && (
          <Select
            label={mapping.key}
            description={mapping.keyHint}
            inputWrapperOrder={belowInput}
            data={[
              {
                value: "auto",
                label: foundKey === null ? mapping.auto : mapping.autoAs(nameOfField(foundKey, strings)),
              },
              ...keys.map((key) => ({ value: key, label: strings.imports.fields[key] })),
            ]}
            allowDeselect={false}
            value={choices.key ?? "auto"}
            // A key can only be said of a table; what was found out becomes what is asked for.
            onChange={(word) =>
              onChange({ format: "generic", key: keys.find((key) => key === word) ?? null })
            }
          />
        )}
        <Input.Wrapper
          label={texts.onBlank}
          labelElement="div"
          description={texts.onBlankHints[choices.onBlank]}
          inputWrapperOrder={belowInput}
          error={faultAt("onBlank")}
        >
          <SegmentedControl
            fullWidth
            size="xs"
            mb={5}
            aria-label={texts.onBlank}
            data={[
              { value: "keep", label: texts.onBlankChoices.keep },
              { value: "erase", label: texts.onBlankChoices.erase },
            ]}
            value={choices.onBlank}
            onChange={(onBlank) => onChange({ onBlank })}
          />
        </Input.Wrapper>
        <TextInput
          label={texts.rowLimit}
          description={texts.rowLimitHint}
          inputWrapperOrder={belowInput}
          placeholder={texts.rowLimitNone}
          inputMode="numeric"
          maxLength={9}
          value={choices.rowLimit === null ? "" : format.digits(choices.rowLimit)}
          onChange={(event) => onChange({ rowLimit: readCount(event.currentTarget.value) })}
          error={faultAt("rowLimit")}
        />
        <Switch
          className={styles.wide ?? ""}
          label={texts.phoneStrict}
          description={texts.phoneStrictHint}
          checked={choices.isPhoneStrict}
          onChange={(event) => onChange({ isPhoneStrict: event.currentTarget.checked })}
          error={faultAt("phone")}
        />
        {reading.format === "onesignal" && (
          <Switch
            className={styles.wide ?? ""}
            label={texts.columnsStrict}
            description={texts.columnsStrictHint}
            checked={choices.isColumnsStrict}
            onChange={(event) => onChange({ isColumnsStrict: event.currentTarget.checked })}
            error={faultAt("columns")}
          />
        )}
      </div>
    </Card>
  );
}
