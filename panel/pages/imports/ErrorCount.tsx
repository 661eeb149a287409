import type { Import } from "../../../server/imports/schema.ts";
import { useApi } from "../../api/context.tsx";
import { isRunning } from "../../api/imports.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./ErrorCount.module.css";
import { errorsOf } from "./outcomes.ts";

/** How many rows were not taken; leads to the file with a comment on each while there is one. */
export function ErrorCount({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const api = useApi();
  const count = errorsOf(item);
  const shown = format.number(count);
  if (count === 0) return <span className="faint">{shown}</span>;
  if (isRunning(item.status) || item.fileErasedAt !== null)
    return <span className={styles.errors}>{shown}</span>;
  return (
    <a
      className={`${styles.errors} ${styles.link}`}
      href={api.link(`/imports/${item.id}/processed`)}
      download
      title={strings.imports.errorsDownload}
      aria-label={`${shown}: ${strings.imports.errorsDownload}`}
    >
      {shown}
    </a>
  );
}
