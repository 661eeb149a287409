import type { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { validationProblem } from "./problem.ts";

/**
 * The values of a file with one a line, without blank lines and the blanks around them. LF or CRLF, UTF-8 with or without
 * a byte order mark; a value with a comma stands in quotes. Throws a validation problem with the row of what it is not,
 * counted from 1 without the blank ones.
 */
export async function* readColumn(bytes: Readable): AsyncGenerator<string> {
  const rows = parse({
    ...{ bom: true, trim: true, skip_empty_lines: true, relax_column_count: true },
    // A quote inside of a value is a letter.
    relax_quotes: true,
    max_record_size: 64 * 1024,
  });
  bytes.on("error", (error) => rows.destroy(error));
  bytes.pipe(rows);
  try {
    let row = 0;
    // What the parser knows of lines would take it three times as long.
    for await (const record of rows as AsyncIterable<string[]>) {
      row++;
      const [value = "", ...others] = record;
      if (others.some((other) => other !== ""))
        throw fault(`row ${row} has ${record.length} values; write one a line`);
      if (value.includes("\0")) throw fault(`row ${row} has a NUL character`);
      if (value !== "") yield value;
    }
  } catch (error) {
    throw error instanceof CsvError ? fault(error.message) : error;
  } finally {
    // The rest of what somebody gave up on is let go, or the connection would wait for it to be read.
    bytes.unpipe(rows);
    bytes.resume();
  }
}

const fault = (detail: string) => validationProblem([{ pointer: "/file", detail }]);
