import { Alert } from "@mantine/core";
import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./UploadZone.module.css";

/** Faults of these parameters are shown by the form itself. */
const inForm = /^\?(format|country|encoding|onBlank|mapping)\b/;

/** Why a file was not taken, as far as no field of the form says it. */
export function UploadFailure({ error }: { error: unknown }) {
  const { strings } = useWords();
  if (!(error instanceof ApiProblem)) return null;
  const others = error.errors.filter((fault) => !inForm.test(fault.pointer));
  if (others.length === 0 && error.errors.length > 0) return null;
  const lines = others.length > 0 ? others.map((fault) => fault.detail) : [error.detail];
  return (
    <Alert color="red" title={strings.imports.uploadFailed} className={styles.failure ?? ""} role="alert">
      {lines.every((line) => line === "") ? (
        strings.problems[error.code]
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line} dir="auto" className="along">
              {line}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
