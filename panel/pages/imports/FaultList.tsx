import type { ImportPreview } from "../../../server/imports/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./FaultList.module.css";
import { Reason } from "./Reason.tsx";

/** Every fault of the rows shown, one after another, in full: what the cells have no room for. */
export function FaultList({ rows }: { rows: ImportPreview["rows"] }) {
  const { strings, format } = useWords();
  const faults = rows.flatMap(({ line, faults }) => faults.map((fault) => ({ line, ...fault })));
  if (faults.length === 0) return null;
  return (
    <section className={styles.faults}>
      <h3 className={styles.title}>{strings.imports.preview.rowFaults}</h3>
      <ul>
        {faults.map(({ line, column, code, detail }) => (
          <li key={`${line}-${column}-${code}`}>
            <span className={styles.place}>
              {strings.segments.line(format.number(line))}
              {column !== null && (
                <>
                  {strings.common.comma}
                  <bdi>{column}</bdi>
                </>
              )}
            </span>
            <Reason code={code} detail={detail} />
          </li>
        ))}
      </ul>
    </section>
  );
}
