import { Table } from "@mantine/core";
import type { ImportPreview, Understood } from "../../../server/imports/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { ColumnSelect } from "./ColumnSelect.tsx";
import { type Choices, fieldsOf } from "./choices.ts";
import { describeColumn, otherName } from "./describeColumn.ts";
import { PreviewRow } from "./PreviewRow.tsx";
import styles from "./PreviewTable.module.css";

interface PreviewTableProps {
  preview: ImportPreview;
  choices: Choices;
  format: Choices["format"];
  isStale: boolean;
  onChange(changed: Partial<Choices>): void;
}

/** The first rows as they stand in the file, with what each column becomes above it and what is wrong beside it. */
export function PreviewTable({ preview, choices, format, isStale, onChange }: PreviewTableProps) {
  const { strings } = useWords();
  const texts = strings.imports;
  const { columns } = preview.understood;
  const isOpen = fieldsOf(format) !== null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, which needs the keyboard, too
    <section className={styles.scroll} aria-label={texts.preview.rows} tabIndex={0} data-stale={isStale}>
      <Table className={styles.table ?? ""} aria-label={texts.preview.rows}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" className={styles.line ?? ""}>
              {texts.line}
            </Table.Th>
            {columns.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move, and their names may repeat
              <Table.Th key={index} scope="col">
                <bdi className="clamp-1" title={column.name}>
                  {column.name === "" ? strings.common.none : column.name}
                </bdi>
                {isOpen && column.name !== "" ? (
                  <ColumnSelect
                    column={column}
                    choices={choices}
                    format={format === "events" ? "events" : "generic"}
                    onChange={onChange}
                  />
                ) : (
                  <Fixed column={column} />
                )}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.rows.map((row) => (
            <PreviewRow key={row.line} row={row} columns={columns} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** What a column is where the format says it. */
function Fixed({ column }: { column: Understood["columns"][number] }) {
  const { strings } = useWords();
  const name = otherName(column);
  return (
    <span className={styles.use}>
      {describeColumn(column, strings)}
      {name !== null && (
        <>
          {" "}
          <bdi className="mono">{name}</bdi>
        </>
      )}
    </span>
  );
}
