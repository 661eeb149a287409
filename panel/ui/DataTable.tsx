import { useMediaQuery } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./DataTable.module.css";

/** A column of a {@link DataTable}. The first one is the row's title on a phone. */
export interface Column<T> {
  key: string;
  title: string;
  render(row: T): ReactNode;
  /** The title of the row's card on a phone, when the cell alone would say too little. */
  renderTitle?(row: T): ReactNode;
  /** Whether the row has nothing there: the card of a phone leaves it out. */
  isBlank?(row: T): boolean;
  /** Numbers stand at the end of the line. */
  isNumber?: boolean;
  /** CSS width; the others share what is left. */
  width?: string;
}

/** By which column the rows are sorted, for a table that its reader may sort by any. */
interface Sort {
  key: string;
  /** Smallest first. */
  isUp: boolean;
  onSort(key: string): void;
}

interface DataTableProps<T> {
  /** Tells a screen reader what the table holds. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey(row: T): string;
  sort?: Sort;
}

/** Class of the link in the first column: it stretches over the whole row. */
export const rowLink = styles.rowLink ?? "";

/** A table where there is room, and a list of cards on a phone. */
export function DataTable<T>(props: DataTableProps<T>) {
  const isNarrow = useMediaQuery("(max-width: 47.99em)", undefined, { getInitialValueInEffect: false });
  return isNarrow ? <Cards {...props} /> : <Table {...props} />;
}

function Table<T>({ label, columns, rows, rowKey, sort }: DataTableProps<T>) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.isNumber ? styles.end : undefined}
                style={column.width === undefined ? undefined : { inlineSize: column.width }}
                aria-sort={sort?.key === column.key ? (sort.isUp ? "ascending" : "descending") : undefined}
              >
                {sort === undefined ? column.title : <SortButton column={column} sort={sort} />}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} className={column.isNumber ? `${styles.end} number` : undefined}>
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SortButton<T>({ column, sort }: { column: Column<T>; sort: Sort }) {
  const Arrow = sort.isUp ? IconArrowUp : IconArrowDown;
  return (
    <button type="button" className={styles.sort} onClick={() => sort.onSort(column.key)}>
      {column.title}
      {sort.key === column.key && <Arrow size={13} aria-hidden />}
    </button>
  );
}

function Cards<T>({ label, columns, rows, rowKey }: DataTableProps<T>) {
  const [first, ...others] = columns;
  return (
    <ul className={styles.cards} aria-label={label}>
      {rows.map((row) => (
        <li key={rowKey(row)} className={styles.card}>
          <div className={styles.cardTitle}>{(first?.renderTitle ?? first?.render)?.(row)}</div>
          <dl className={styles.cardFacts}>
            {others
              .filter((column) => !column.isBlank?.(row))
              .map((column) => (
                <div key={column.key} className={styles.cardFact}>
                  <dt>{column.title}</dt>
                  <dd className={column.isNumber ? "number" : undefined}>{column.render(row)}</dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
