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
  const form = useForm<Choices & { agreedTo: string }>({
    initialValues: { ...initial, agreedTo: "" },
    onValuesChange: ({ agreedTo: _ofThisFileOnly, ...changed }) => onEdit(changed),
  });
  const { agreedTo, ...choices } = form.values;
  const reading = useReading(file, choices);
  const channel = channelOf(reading.format, choices.channel);
  // What is in the file is not known yet, or cannot be known before the upload: it may be a broadcast list.
  const isAsked = channel !== null || (reading.format === "auto" && !reading.isStale);
  // Another channel is another consent.
  const consent = consentText(channel, strings);
  const isAgreed = agreedTo === consent;

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
    if (isAsked && !isAgreed) {
      form.setFieldError("agreedTo", texts.consent.required);
      element.current?.querySelector<HTMLElement>(`[name="${consentName}"]`)?.focus();
      return;
    }
    onSubmit(toRequest(choices, reading.header, { isDryRun, consent: isAgreed ? consent : null }));
  };
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
      {(isAsked || faultAt("consent") !== undefined) && (
        <Card step={format.number(4)} title={texts.consent.title} hint={texts.consent.hint}>
          <ConsentBox
            channel={channel}
            isAgreed={isAgreed}
            onChange={(agreed) => form.setFieldValue("agreedTo", agreed ? consent : "")}
            error={form.errors.agreedTo?.toString() ?? faultAt("consent")}
          />
        </Card>
      )}
      <StartBar reading={reading} onRun={() => start(false)}>
        <UploadFailure error={failure} />
      </StartBar>
    </form>
  );
}
