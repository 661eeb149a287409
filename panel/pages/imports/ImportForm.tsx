import { Button } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect, useRef } from "react";
import type { ImportRequest } from "../../api/imports.ts";
import { ApiProblem } from "../../api/problem.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ConsentBox, consentName, consentText } from "./ConsentBox.tsx";
import { type Choices, channelOf, toRequest } from "./choices.ts";
import styles from "./ImportForm.module.css";
import { OptionsStep } from "./OptionsStep.tsx";
import { PreviewStep } from "./PreviewStep.tsx";
import { StartBar } from "./StartBar.tsx";
import { UploadFailure } from "./UploadFailure.tsx";
import { useReading } from "./useReading.ts";

interface ImportFormProps {
  file: File;
  initial: Choices;
  /** Why the server refused the last attempt. */
  failure: unknown;
  onEdit(choices: Choices): void;
  onSubmit(request: ImportRequest): void;
  onOtherFile(): void;
}

/** From the chosen file to its import: what we understood, options, consent, and the start. */
export function ImportForm({ file, initial, failure, onEdit, onSubmit, onOtherFile }: ImportFormProps) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const form = useForm<Choices & { isAgreed: boolean }>({
    initialValues: { ...initial, isAgreed: false },
    onValuesChange: ({ isAgreed: _ofThisFileOnly, ...changed }) => onEdit(changed),
  });
  const { isAgreed, ...choices } = form.values;
  const reading = useReading(file, choices);
  const channel = channelOf(reading.format, choices.channel);

  const faults = [reading.error, failure].flatMap((error) =>
    error instanceof ApiProblem ? error.errors : [],
  );
  const faultAt = (name: string) =>
    faults.find(({ pointer }) => pointer === `?${name}` || pointer.startsWith(`?${name}#`))?.detail;
  const element = useRef<HTMLFormElement>(null);
  // What stops the import may be out of sight.
  useEffect(() => {
    if (failure !== null) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure]);
  const start = (isDryRun: boolean) => {
    if (channel !== null && !isAgreed) {
      form.setFieldError("isAgreed", texts.consent.required);
      element.current?.querySelector<HTMLElement>(`[name="${consentName}"]`)?.focus();
      return;
    }
    const consent = isAgreed ? consentText(channel, strings) : null;
    onSubmit(toRequest(choices, reading.header, { isDryRun, consent }));
  };
  // Without a preview nobody knows whether the file is a broadcast list.
  const isAsked = channel !== null || reading.preview === null || faultAt("consent") !== undefined;

  return (
    <form
      ref={element}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start(true);
      }}
    >
      <Card
        step={format.number(1)}
        title={texts.name}
        actions={
          <Button variant="subtle" size="compact-sm" onClick={onOtherFile}>
            {texts.form.otherFile}
          </Button>
        }
      >
        <p>
          <bdi className={styles.name}>{file.name}</bdi>{" "}
          <span className="faint number">{format.bytes(file.size)}</span>
        </p>
      </Card>
      <PreviewStep reading={reading} choices={choices} onChange={form.setValues} faultAt={faultAt} />
      <OptionsStep reading={reading} choices={choices} onChange={form.setValues} faultAt={faultAt} />
      {isAsked && (
        <Card step={format.number(4)} title={texts.consent.title} hint={texts.consent.hint}>
          <ConsentBox
            channel={channel}
            isAgreed={isAgreed}
            onChange={(agreed) => form.setFieldValue("isAgreed", agreed)}
            error={form.errors.isAgreed?.toString() ?? faultAt("consent")}
          />
        </Card>
      )}
      <UploadFailure error={failure} />
      <StartBar reading={reading} onRun={() => start(false)} />
    </form>
  );
}
