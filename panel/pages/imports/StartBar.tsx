import { Button } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./StartBar.module.css";
import type { Reading } from "./useReading.ts";

interface StartBarProps {
  reading: Reading;
  onRun(): void;
  /** Why the last attempt was refused. */
  children: ReactNode;
}

/** What the preview comes to, and the two ways on; stays in sight while the choices above change. */
export function StartBar({ reading, onRun, children }: StartBarProps) {
  const { strings } = useWords();
  const texts = strings.imports;
  const isRefused = !reading.isStale && (reading.preview?.faults.length ?? 0) > 0;
  const isFirstLook = reading.preview === null && reading.isStale;
  return (
    <div className={styles.bar}>
      <div className={styles.failure}>{children}</div>
      <Verdict reading={reading} />
      <div className={styles.actions}>
        <Button variant="default" onClick={onRun} disabled={isRefused || isFirstLook}>
          {texts.form.submit}
        </Button>
        <Button type="submit" disabled={isRefused || isFirstLook}>
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
  const preview = reading.isStale || reading.error !== null ? null : reading.preview;
  const faulty = preview?.rows.filter((row) => row.faults.length > 0).length ?? 0;
  const isGood = preview !== null && preview.faults.length === 0 && faulty === 0;
  return (
    <p
      className={styles.verdict}
      role="status"
      data-verdict={preview === null ? undefined : isGood ? "good" : "bad"}
    >
      {preview !== null &&
        (isGood ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertCircle size={16} aria-hidden />)}
      <span>{say()}</span>
    </p>
  );

  function say(): string {
    if (preview === null) return reading.isStale ? texts.looking : texts.notLooked;
    if (preview.faults.length > 0) return texts.verdictRefused;
    if (preview.rows.length === 0) return texts.verdictEmpty;
    const shown = format.number(preview.rows.length);
    return faulty > 0 ? texts.verdictFaults(faulty, format.number(faulty), shown) : texts.verdictGood(shown);
  }
}
