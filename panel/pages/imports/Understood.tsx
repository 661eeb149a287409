import type { Import } from "../../../server/imports/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { describeColumn, otherName } from "./describeColumn.ts";
import styles from "./Understood.module.css";
import { UnderstoodFacts } from "./UnderstoodFacts.tsx";

/** What was made of the file: how it is written, and what every column became. */
export function Understood({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  if (item.understood === null) return null;
  return (
    <Card title={texts.understood}>
      <UnderstoodFacts understood={item.understood} format={texts.form.formats[item.format]} />
      <dl className={`${styles.pairs} ${styles.columns}`} aria-label={texts.mapping.title} tabIndex={0}>
        {item.understood.columns.map((column, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns never move, and their names may repeat
          <div key={index}>
            <dt>
              <bdi className="clamp-1" title={column.name}>
                {column.name === "" ? strings.common.none : column.name}
              </bdi>
            </dt>
            <dd>
              {describeColumn(column, strings)} {otherName(column) !== null && <bdi>{otherName(column)}</bdi>}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
