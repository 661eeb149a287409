import { Select } from "@mantine/core";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import type { Choices } from "./choices.ts";
import { encodingNames, nameOfEncoding } from "./fields.ts";
import styles from "./ImportForm.module.css";
import type { Reading } from "./useReading.ts";

const formats = ["auto", "generic", "broadcast-list", "onesignal", "events"] as const;

interface FormatFieldsProps {
  choices: Choices;
  reading: Reading;
  onChange(changed: Partial<Choices>): void;
  faultAt(name: string): string | undefined;
}

/** What is in the file and in which characters; both are found out, and can be said. */
export function FormatFields({ choices, reading, onChange, faultAt }: FormatFieldsProps) {
  const { strings } = useWords();
  const texts = strings.imports.form;
  const found = choices.format === "auto" ? reading.preview?.format : undefined;
  const foundEncoding = choices.encoding === null ? (reading.preview?.understood.encoding ?? null) : null;
  return (
    <div className={styles.fields}>
      <Select
        label={texts.format}
        description={texts.formatHints[reading.format]}
        inputWrapperOrder={belowInput}
        data={formats.map((value) => ({
          value,
          label:
            value === "auto" && found !== undefined
              ? texts.found(texts.formats[found])
              : texts.formats[value],
        }))}
        allowDeselect={false}
        value={choices.format}
        // Each value is one of `formats`.
        onChange={(value) => value !== null && onChange({ format: value as Choices["format"] })}
        error={faultAt("format")}
      />
      <Select
        label={texts.encoding}
        description={texts.encodingHint}
        inputWrapperOrder={belowInput}
        data={[
          {
            value: "auto",
            label: foundEncoding === null ? texts.formats.auto : texts.found(nameOfEncoding(foundEncoding)),
          },
          ...Object.entries(encodingNames).map(([value, label]) => ({ value, label })),
        ]}
        allowDeselect={false}
        value={choices.encoding ?? "auto"}
        onChange={(value) => onChange({ encoding: value === "auto" ? null : value })}
        error={faultAt("encoding")}
      />
    </div>
  );
}
