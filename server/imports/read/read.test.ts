import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { zipSync } from "fflate";
import iconv from "iconv-lite";
import { type Encoding, encodings } from "../fields.ts";
import { brief, fileOf, readAll } from "./testing.ts";

const spectrum = dirname(fileURLToPath(import.meta.resolve("csv-spectrum")));

/** One value that the collection has differently in its two forms: the telephone number was made up for the JSON. */
const madeUp: Record<string, string> = { "Contact Phone Number": "1234567890" };

for (const name of readdirSync(join(spectrum, "csvs"))) {
  test(`csv-spectrum: ${name} says what its JSON says`, async () => {
    const { records } = await readAll(readFileSync(join(spectrum, "csvs", name)));
    const [header = [], ...rows] = records.map((record) => record.fields ?? []);
    const json = JSON.parse(readFileSync(join(spectrum, "json", name.replace(/csv$/, "json")), "utf8"));
    const read = rows.map((row) =>
      Object.fromEntries(header.map((column, index) => [column, madeUp[column] ?? row[index]])),
    );
    // A single object stands for a single row.
    assert.deepEqual(read, Array.isArray(json) ? json : [json]);
  });
}

/** Letters that an encoding has, so that a file in it can be written. */
const letters: Record<Encoding, string[]> = {
  "utf-8": ["é", "ی", "😀", "ß"],
  "utf-16le": ["é", "ی", "😀", "ß"],
  "utf-16be": ["é", "ی", "😀", "ß"],
  "windows-1252": ["é", "ü", "€", "ñ"],
  "windows-1256": ["ي", "پ", "ک", "گ"],
};

const packings = {
  none: (bytes: Buffer) => bytes,
  gzip: (bytes: Buffer) => gzipSync(bytes),
  zip: (bytes: Buffer) => zipSync({ "people.csv": bytes }),
};

test("a table comes back as it was written, with its lines, however it is encoded, packed and cut", async () => {
  const choice = fc.record({
    encoding: fc.constantFrom(...encodings),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    end: fc.constantFrom("\n", "\r\n", "\r"),
    packing: fc.constantFrom("none" as const, "gzip" as const, "zip" as const),
    pieces: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
    quoted: fc.boolean(),
    marked: fc.boolean(),
  });
  const tableIn = (encoding: Encoding) => {
    const units = ["a", "1", " ", '"', ",", ";", "\t", "|", "\n", "\r\n", ...letters[encoding]];
    return fc.array(
      fc.array(fc.string({ unit: fc.constantFrom(...units) }), { minLength: 3, maxLength: 3 }),
      {
        maxLength: 8,
      },
    );
  };
  await fc.assert(
    fc.asyncProperty(
      choice.chain((chosen) => fc.tuple(fc.constant(chosen), tableIn(chosen.encoding))),
      async ([{ encoding, delimiter, end, packing, pieces, quoted, marked }, rows]) => {
        const table = [["first", "second", "third"], ...rows];
        const text = stringify(table, { delimiter, record_delimiter: end, quoted, quoted_match: /[\r\n]/ });
        // A code page is told apart by its letters, so the file says nothing else here.
        const isCodePage = encoding.startsWith("windows");
        const addBOM = marked && !isCodePage;
        const file = fileOf(packings[packing](iconv.encode(text, encoding, { addBOM })), pieces);
        const { records, understood } = await readAll(file, isCodePage ? { encoding } : {});
        const lines: number[] = [];
        let line = 1;
        for (const row of table) {
          lines.push(line);
          line += 1 + row.reduce((sum, value) => sum + value.split(/\r\n|\n|\r/).length - 1, 0);
        }
        assert.deepEqual(
          records,
          table.map((fields, at) => ({ line: lines[at], fields, fault: null })),
        );
        // A file of nothing but ASCII is UTF-8.
        assert.deepEqual([understood?.packing, understood?.delimiter], [packing, delimiter]);
        assert.equal(understood?.encoding, encoding);
      },
    ),
    { numRuns: 300 },
  );
});

test("a broken quote costs its own line and no other, and one inside a bare value is a letter", async () => {
  const file = [
    "a,b",
    "1,2",
    '3,"x"y',
    '"one\nvalue",5',
    "",
    '6,a"b',
    "7,8",
    '"never closed',
    "9,10",
    '11,"12"',
  ].join("\n");
  for (const pieceSize of [1, 7, 1_000]) {
    const { records } = await readAll(fileOf(file, [pieceSize]));
    assert.deepEqual(brief(records), [
      [1, "a|b"],
      [2, "1|2"],
      [3, '✗ Text follows a closing quote; a quote inside a value is written as "".'],
      [4, "one\nvalue|5"],
      [7, '6|a"b'],
      [8, "7|8"],
      [9, '✗ Text follows a closing quote; a quote inside a value is written as "".'],
      [10, "9|10"],
      [11, "11|12"],
    ]);
  }
});

test("a quote that is still open at the end of the file is a fault of the line it stands in", async () => {
  const { records } = await readAll('a,b\n1,"x\n2,3\n');
  assert.deepEqual(brief(records), [
    [1, "a|b"],
    [2, "✗ A quote is opened here and never closed."],
    [3, "2|3"],
  ]);
});

test("lines are counted alike for LF, CRLF and CR, and with a byte order mark", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const { records } = await readAll(`\ufeffa,b${end}1,2${end}${end}"3${end}",4${end}5,6`);
    assert.deepEqual(brief(records), [
      [1, "a|b"],
      [2, "1|2"],
      [4, `3${end}|4`],
      [6, "5|6"],
    ]);
  }
});

test("a file joined from parts with different line ends keeps its rows", async () => {
  const { records } = await readAll("a,b\r\n1,2\n3,4\r5,6\r\n");
  assert.deepEqual(brief(records), [
    [1, "a|b"],
    [2, "1|2"],
    [3, "3|4"],
    [4, "5|6"],
  ]);
});

test("rows of any width come as they are, so that a column is never taken for its neighbour", async () => {
  const { records } = await readAll("a,b,c\n1,2\n1,2,3,4\n,,\n");
  assert.deepEqual(brief(records), [
    [1, "a|b|c"],
    [2, "1|2"],
    [3, "1|2|3|4"],
    [4, "||"],
  ]);
});

test("the delimiter is the one that the header and the next rows have outside quotes", async () => {
  const cases: [string, string, string[]][] = [
    ["id;name\n1;2,5\n2;3,5\n", ";", ["id", "name"]],
    ['id,"a;b;c"\n1,2\n', ",", ["id", "a;b;c"]],
    ["id|name\n1|x,y,z\n", "|", ["id", "name"]],
    ["id\tname, first\n1\tx\n", "\t", ["id", "name, first"]],
    ["a, b, c;x\n1;2\n3;4\n", ";", ["a, b, c", "x"]],
    ["phone\n98912\n98913\n", ",", ["phone"]],
    ["id,name", ",", ["id", "name"]],
    ["\n\nid;name\n", ";", ["id", "name"]],
  ];
  for (const [file, delimiter, header] of cases) {
    const { records, understood } = await readAll(file);
    assert.equal(understood?.delimiter, delimiter, file);
    assert.deepEqual(records[0]?.fields, header);
  }
});

test("Excel's first line sep=; is obeyed and counted, and one we cannot obey is refused", async () => {
  const { records, understood } = await readAll("\ufeffsep=;\r\nid;a,b,c\r\n1;2\r\n");
  assert.deepEqual(brief(records), [
    [2, "id|a,b,c"],
    [3, "1|2"],
  ]);
  assert.equal(understood?.delimiter, ";");
  await assert.rejects(readAll("sep=#\na#b\n"), /Line 1 says that the columns are separated by "#"/);
});

test("a row with a NUL byte is rejected, the rows around it come in", async () => {
  for (const pieceSize of [1, 1_000]) {
    const { records } = await readAll(fileOf('a,b\n1,2\n3,x\0y\n4,"\0"\n"5"\0,6\n7,8\n', [pieceSize]));
    const reason = "✗ The row contains a NUL byte (0x00), which no text has; write the file again.";
    assert.deepEqual(brief(records), [
      [1, "a|b"],
      [2, "1|2"],
      [3, reason],
      [4, reason],
      [5, reason],
      [6, "7|8"],
    ]);
  }
});

const tooLong = "✗ The row is longer than 1 MB; a quote is probably not closed.";

test("a value of megabytes is a fault of its line, not of our memory", async () => {
  for (const size of [1_200_000, 20_000_000]) {
    const { records } = await readAll(fileOf(`a,b\n1,${"x".repeat(size)}\r\n3,4\n`, [65_536]));
    assert.deepEqual(brief(records), [
      [1, "a|b"],
      [2, tooLong],
      [3, "3|4"],
    ]);
  }
});

test("a quote that is never closed costs its line, also in a large file", async () => {
  const rows = Array.from({ length: 100_000 }, (_, row) => `${row},${"x".repeat(20)}`);
  const { records } = await readAll(fileOf(`a,b\n1,"x\n${rows.join("\n")}\n`, [65_536]));
  assert.equal(records.length, 100_002);
  assert.deepEqual(brief(records.slice(1, 3)), [
    [2, tooLong],
    [3, `0|${"x".repeat(20)}`],
  ]);
});

test("a row of a million commas is read, one of ten million is rejected, both quickly", async () => {
  const start = performance.now();
  const file = `a,b\n${",".repeat(1_000_000)}\n${",".repeat(10_000_000)}\n1,2\n`;
  const { records } = await readAll(fileOf(file, [65_536]));
  assert.deepEqual(
    records.map((record) => [record.line, record.fields?.length ?? record.fault]),
    [
      [1, 2],
      [2, 1_000_001],
      [3, tooLong.slice(2)],
      [4, 2],
    ],
  );
  assert.ok(performance.now() - start < 5_000);
});

test("millions of blank lines are counted and not held", async () => {
  const { records } = await readAll(fileOf(`a,b${"\r\n".repeat(1_000_000)}1,2`, [65_536]));
  assert.deepEqual(brief(records), [
    [1, "a|b"],
    [1_000_001, "1|2"],
  ]);
});

test("an empty file, and one of blank lines, has no records", async () => {
  for (const file of ["", "\ufeff", "\n\n\r\n", gzipSync("")])
    assert.deepEqual((await readAll(file)).records, []);
});
