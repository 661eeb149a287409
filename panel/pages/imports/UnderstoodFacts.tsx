import type { ReactNode } from "react";
import type { Understood } from "../../../server/imports/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { nameOfDelimiter, nameOfField } from "./describeColumn.ts";
import { nameOfEncoding } from "./fields.ts";
import styles from "./Understood.module.css";

interface UnderstoodFactsProps {
  understood: Understood;
  /** What the file holds, where no field beside it says so. */
  format?: string;
}

/** How a file is written: packing, characters, delimiter, and what people are found by. */
export function UnderstoodFacts({ understood, format }: UnderstoodFactsProps) {
  const { strings } = useWords();
  const texts = strings.imports;
  const { packing, encoding, delimiter, key } = understood;
  const facts: { name: string; value: ReactNode }[] = [];
  if (format !== undefined) facts.push({ name: texts.format, value: format });
  facts.push({
    name: texts.packing,
    value: packing === "none" ? texts.notPacked : <bdi dir="ltr">.{packing === "gzip" ? "gz" : packing}</bdi>,
  });
  // Beside a field for it, the field says it.
  if (encoding !== null && format !== undefined)
    facts.push({ name: texts.encoding, value: <bdi>{nameOfEncoding(encoding)}</bdi> });
  if (delimiter !== null) facts.push({ name: texts.delimiter, value: nameOfDelimiter(delimiter, strings) });
  if (key !== null) facts.push({ name: texts.key, value: nameOfField(key, strings) });
  return (
    <dl className={`${styles.pairs} ${styles.facts}`}>
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
