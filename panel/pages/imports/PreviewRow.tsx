import { Table } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ImportPreview, Understood } from "../../../server/imports/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./PreviewTable.module.css";

type Row = ImportPreview["rows"][number];

/** A row of the file; a fault stands in the cell that it is about, one of the whole row beside the line's number. */
export function PreviewRow({ row, columns }: { row: Row; columns: Understood["columns"] }) {
  const { strings, format } = useWords();
  const names = new Set(columns.map((column) => column.name));
  const ofRow = row.faults.filter(({ column }) => column === null || !names.has(column));
  const { values } = row;
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.line ?? ""} data-fault={ofRow.length > 0}>
        <span className="number">{format.number(row.line)}</span>
        {values !== null && <Faults faults={ofRow} />}
      </Table.Th>
      {values === null ? (
        <Table.Td colSpan={columns.length} data-fault>
          <span className="faint">{strings.imports.preview.unreadable}</span>
          <Faults faults={row.faults} />
        </Table.Td>
      ) : (
        columns.map((column, index) => {
          const isFirst = columns.findIndex(({ name }) => name === column.name) === index;
          const faults = isFirst ? row.faults.filter((fault) => fault.column === column.name) : [];
          const value = values[index] ?? "";
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns never move, and their names may repeat
            <Table.Td key={index} data-fault={faults.length > 0} data-ignored={column.to === null}>
              <span className="clamp-2 along" dir="auto" title={value}>
                {value}
              </span>
              <Faults faults={faults} />
            </Table.Td>
          );
        })
      )}
    </Table.Tr>
  );
}

function Faults({ faults }: { faults: Row["faults"] }) {
  const { strings } = useWords();
  // A code that is newer than this page has only its sentence.
  const known: Record<string, string> = strings.imports.reasons;
  return faults.map(({ code, detail }) => (
    <span key={`${code}${detail}`} className={styles.fault} title={detail}>
      <IconAlertCircle size={13} aria-hidden />
      <span dir="auto">{known[code] ?? detail}</span>
    </span>
  ));
}
