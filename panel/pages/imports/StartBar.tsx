import { Button } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { useWords } from "../../ui/language.tsx";
import styles from "./StartBar.module.css";
import type { Reading } from "./useReading.ts";

/** What the preview comes to, and the two ways on; stays in sight while the choices above change. */
export function StartBar({ reading, onRun }: { reading: Reading; onRun(): void }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const isRefused = !reading.isStale && (reading.preview?.faults.length ?? 0) > 0;
  return (
    <div className={styles.bar}>
      <Verdict reading={reading} />
      <div className={styles.actions}>
        <Button variant="default" onClick={onRun} disabled={isRefused}>
          {texts.form.submit}
        </Button>
        <Button type="submit" disabled={isRefused}>
          {texts.form.submitDryRun}
        </Button>
      </div>
      <p className={styles.hint}>{texts.form.dryRunHint}</p>
    </div>
  );
}

function Verdict({ reading }: { reading: Reading }) {
  const { strings, format } = useWords();
  const texts = strings.imports.preview;
  const { preview } = reading;
  const faulty = preview?.rows.filter((row) => row.faults.length > 0).length ?? 0;
  const shown = preview?.rows.length ?? 0;
  const isGood = preview !== null && preview.faults.length === 0 && faulty === 0;
  const text =
    reading.isStale || preview === null
      ? reading.isStale
        ? texts.looking
        : texts.notLooked
      : preview.faults.length > 0
        ? texts.verdictRefused
        : faulty > 0
          ? texts.verdictFaults(faulty, format.number(faulty), format.number(shown))
          : texts.verdictGood(format.number(shown));
  return (
    <p
      className={styles.verdict}
      role="status"
      data-good={isGood}
      data-known={preview !== null && !reading.isStale}
    >
      {preview !== null &&
        !reading.isStale &&
        (isGood ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertCircle size={16} aria-hidden />)}
      <span>{text}</span>
    </p>
  );
}
