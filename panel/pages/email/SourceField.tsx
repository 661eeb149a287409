import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useRef } from "react";
import { useWords } from "../../ui/language.tsx";
import { VariableMenu } from "../campaigns/VariableMenu.tsx";
import styles from "./EmailFields.module.css";
import type { EmailFault } from "./emailFaults.ts";

// Only those who write code load what code is written with.
const CodeEditor = lazy(async () => ({ default: (await import("./CodeEditor.tsx")).CodeEditor }));

interface SourceFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  faults: readonly EmailFault[];
}

/** The source of an e-mail, with what is wrong in it marked where it stands. */
export function SourceField({ label, value, onChange, faults }: SourceFieldProps) {
  const { strings } = useWords();
  const insert = useRef<(text: string) => void>(() => {});
  return (
    <div>
      <div className={styles.label}>
        <span>{label}</span>
        <VariableMenu field={label} isOfEmail onChoose={(liquid) => insert.current(liquid)} />
      </div>
      <div className={styles.code} dir="ltr" data-fault={faults.length > 0 || undefined}>
        <Suspense
          fallback={<Skeleton height={320} role="status" aria-label={strings.email.compose.loading} />}
        >
          <CodeEditor label={label} value={value} onChange={onChange} faults={faults} insert={insert} />
        </Suspense>
      </div>
      {faults.length > 0 && (
        <ul className={styles.faults} role="alert">
          {faults.map(({ detail }) => (
            <li key={detail}>
              {strings.email.compose.broken} <bdi>{detail}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
