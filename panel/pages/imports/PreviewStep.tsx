import { Alert, Skeleton } from "@mantine/core";
import type { ImportPreview } from "../../../server/imports/schema.ts";
import { asProblem } from "../../api/problem.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import type { Choices } from "./choices.ts";
import { FaultList } from "./FaultList.tsx";
import { FormatFields } from "./FormatFields.tsx";
import styles from "./ImportForm.module.css";
import { PreviewTable } from "./PreviewTable.tsx";
import { Sentences } from "./Sentences.tsx";
import { UnderstoodFacts } from "./UnderstoodFacts.tsx";
import { UploadFailure } from "./UploadFailure.tsx";
import type { Reading } from "./useReading.ts";

interface PreviewStepProps {
  reading: Reading;
  choices: Choices;
  onChange(changed: Partial<Choices>): void;
  faultAt(name: string): string | undefined;
}

/** What we understood of the file: how it is written, what its columns are, its first rows and their faults. */
export function PreviewStep({ reading, choices, onChange, faultAt }: PreviewStepProps) {
  const { strings, format } = useWords();
  const texts = strings.imports.preview;
  const { preview } = reading;
  return (
    <Card step={format.number(2)} title={texts.title} hint={texts.hint}>
      <div className={styles.stack}>
        <FormatFields choices={choices} reading={reading} onChange={onChange} faultAt={faultAt} />
        {reading.isTooLarge && <Alert color="gray">{texts.tooLarge}</Alert>}
        <Refusal reading={reading} />
        {faultAt("mapping") !== undefined && (
          <Sentences
            isFault
            title={strings.imports.mapping.title}
            sentences={[{ detail: faultAt("mapping") ?? "" }]}
          />
        )}
        {preview === null && reading.isStale && <Skeleton height={220} radius="md" />}
        {preview !== null && (
          <>
            <Sentences isFault title={texts.refused} sentences={preview.faults} />
            <UnderstoodFacts understood={preview.understood} />
            <Sentences title={texts.warnings} sentences={preview.warnings.map(withColumn)} />
            {preview.understood.columns.length > 0 && (
              <PreviewTable
                preview={preview}
                choices={choices}
                format={reading.format}
                isStale={reading.isStale}
                onChange={onChange}
              />
            )}
            <FaultList rows={preview.rows} />
          </>
        )}
      </div>
    </Card>
  );
}

const withColumn = ({ code, column, detail }: ImportPreview["warnings"][number]) => ({
  code,
  detail: column === null || detail.includes(column) ? detail : `${column}: ${detail}`,
});

/** Why there is no preview: what was asked is wrong, or the server could not be asked. */
function Refusal({ reading }: { reading: Reading }) {
  if (reading.error === null || reading.isStale) return null;
  const { code, status } = asProblem(reading.error);
  const isRefused = code === "file_changed" || (status >= 400 && status < 500);
  if (isRefused) return <UploadFailure error={reading.error} />;
  return <ErrorState error={reading.error} onRetry={reading.retry} />;
}
