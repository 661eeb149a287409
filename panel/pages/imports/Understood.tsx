import type { Import } from "../../../server/imports/schema.ts";
import type { Strings } from "../../strings/en.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { encodingNames } from "./fields.ts";
import styles from "./Understood.module.css";

type UnderstoodFile = NonNullable<Import["understood"]>;

/** What was made of the file: how it is written, and what every column became. */
export function Understood({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  if (item.understood === null) return null;
  const { packing, encoding, delimiter, key, columns } = item.understood;
  const facts = [
    { name: texts.format, value: texts.form.formats[item.format] },
    { name: texts.packing, value: packing === "none" ? texts.notPacked : <bdi>.{packing}</bdi> },
  ];
  if (encoding !== null) facts.push({ name: texts.encoding, value: <bdi>{nameOfEncoding(encoding)}</bdi> });
  if (delimiter !== null) facts.push({ name: texts.delimiter, value: nameOfDelimiter(delimiter, strings) });
  if (key !== null) facts.push({ name: texts.key, value: nameOfField(key, strings) });
  return (
    <Card title={texts.understood}>
      <dl className={`${styles.pairs} ${styles.facts}`}>
        {facts.map((fact) => (
          <div key={fact.name}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      <dl className={`${styles.pairs} ${styles.columns}`} aria-label={texts.mapping.title} tabIndex={0}>
        {columns.map((column, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns never move, and their names may repeat
          <div key={index}>
            <dt>
              <bdi className="clamp-1" title={column.name}>
                {column.name === "" ? strings.common.none : column.name}
              </bdi>
            </dt>
            <dd>{use(column, strings)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function use({ name, to, as, type }: UnderstoodFile["columns"][number], strings: Strings) {
  const texts = strings.imports;
  if (to === null) return texts.ignored;
  if (to !== "attribute" && to !== "data") return nameOfField(to, strings);
  const kind = to === "data" ? texts.mapping.data : texts.mapping.attribute;
  return (
    <>
      {texts.mapping.typed(kind, texts.types[type ?? "TEXT"])}
      {as !== null && as !== name && (
        <>
          {" "}
          <bdi>{as}</bdi>
        </>
      )}
    </>
  );
}

export function nameOfEncoding(encoding: string): string {
  const names: Record<string, string> = encodingNames;
  return names[encoding] ?? encoding;
}

function nameOfDelimiter(delimiter: string, strings: Strings): string {
  const { comma, semicolon, tab, bar } = strings.imports.delimiters;
  const names: Record<string, string> = { ",": comma, ";": semicolon, "\t": tab, "|": bar };
  return names[delimiter] ?? delimiter;
}

function nameOfField(field: string, strings: Strings): string {
  const names: Record<string, string> = strings.imports.fields;
  return names[field] ?? field;
}
