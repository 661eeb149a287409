import { type Options, stringify } from "csv-stringify";

/**
 * A CSV with a byte order mark, so that spreadsheets take it for UTF-8. Cells that a spreadsheet would run as a
 * formula get a leading apostrophe (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export const toCsv = (columns: readonly string[], rows: AsyncIterable<Record<string, unknown>>) =>
  streamCsv({ header: true, bom: true, columns: [...columns], escape_formulas: true }, rows);

/** Rows as CSV, no faster than it is taken; reading them ends with whoever takes it. */
export function streamCsv(options: Options, rows: AsyncIterable<unknown>) {
  const csv = stringify(options);
  const feed = async () => {
    for await (const row of rows) {
      if (csv.destroyed) return;
      if (!csv.write(row)) await new Promise((resolve) => csv.once("drain", resolve).once("close", resolve));
    }
    csv.end();
  };
  feed().catch((error: Error) => csv.destroy(error));
  return csv;
}
