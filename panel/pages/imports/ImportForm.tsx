import { Button, Input, SegmentedControl, Select, Switch } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ReactNode, useEffect, useState } from "react";
import type { Fault } from "../../../server/lib/problem.ts";
import type { ImportRequest } from "../../api/imports.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { ColumnMapping } from "./ColumnMapping.tsx";
import { CountrySelect } from "./CountrySelect.tsx";
import { type Choices, fieldsOf, toRequest } from "./choices.ts";
import styles from "./ImportForm.module.css";
import { MoreOptions } from "./MoreOptions.tsx";
import { readHeader } from "./readHeader.ts";

const formats = ["auto", "onesignal", "generic", "events"] as const;

interface ImportFormProps {
  file: File;
  initial: Choices;
  /** What the server refused of the last attempt. */
  faults: readonly Fault[];
  /** What else was wrong with it. */
  failure: ReactNode;
  onSubmit(choices: Choices, request: ImportRequest): void;
  onOtherFile(): void;
}

/** How to read the chosen file, asked before it is sent. */
export function ImportForm({ file, initial, faults, failure, onSubmit, onOtherFile }: ImportFormProps) {
  const { strings, format } = useWords();
  const texts = strings.imports.form;
  const form = useForm<Choices>({ initialValues: initial });
  const choices = form.values;
  const header = useHeader(file, choices.encoding);
  const faultAt = (name: string) =>
    faults.find(({ pointer }) => pointer === `?${name}` || pointer.startsWith(`?${name}#`))?.detail;
  return (
    <form
      className={styles.form}
      onSubmit={form.onSubmit((values) => onSubmit(values, toRequest(values, header)))}
      noValidate
    >
      <div className={styles.file}>
        <p>
          <bdi className={styles.name}>{file.name}</bdi>{" "}
          <span className="faint number">{format.bytes(file.size)}</span>
        </p>
        <Button variant="subtle" size="compact-sm" onClick={onOtherFile}>
          {texts.otherFile}
        </Button>
      </div>
      {failure}
      <div className={styles.fields}>
        <Select
          label={texts.format}
          description={texts.formatHints[choices.format]}
          inputWrapperOrder={belowInput}
          data={formats.map((value) => ({ value, label: texts.formats[value] }))}
          allowDeselect={false}
          {...form.getInputProps("format")}
          error={faultAt("format")}
        />
        <CountrySelect
          value={choices.country}
          onChange={(country) => form.setValues({ country })}
          error={faultAt("country")}
        />
        {fieldsOf(choices.format) !== null && (
          <div className={styles.wide}>
            <ColumnMapping
              choices={choices}
              header={header}
              onChange={form.setValues}
              error={faultAt("mapping")}
            />
          </div>
        )}
        <Input.Wrapper
          className={styles.wide ?? ""}
          label={texts.onBlank}
          labelElement="div"
          description={texts.onBlankHints[choices.onBlank]}
          inputWrapperOrder={belowInput}
          error={faultAt("onBlank")}
        >
          <SegmentedControl
            fullWidth
            mb={5}
            aria-label={texts.onBlank}
            data={[
              { value: "keep", label: texts.onBlankChoices.keep },
              { value: "erase", label: texts.onBlankChoices.erase },
            ]}
            {...form.getInputProps("onBlank")}
          />
        </Input.Wrapper>
        <div className={styles.wide}>
          <Switch
            label={texts.dryRun}
            description={texts.dryRunHint}
            {...form.getInputProps("isDryRun", { type: "checkbox" })}
          />
        </div>
      </div>
      <MoreOptions form={form} encodingFault={faultAt("encoding")} />
      <div className={styles.foot}>
        <Button type="submit">{choices.isDryRun ? texts.submitDryRun : texts.submit}</Button>
      </div>
    </form>
  );
}

/** The names of the file's columns, as far as the browser can tell. */
function useHeader(file: File, encoding: string | null): string[] | null {
  const [header, setHeader] = useState<string[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void readHeader(file, encoding)
      .catch(() => null) // the file was removed or changed meanwhile; sending it will say so
      .then((names) => isCurrent && setHeader(names));
    return () => {
      isCurrent = false;
    };
  }, [file, encoding]);
  return header;
}
