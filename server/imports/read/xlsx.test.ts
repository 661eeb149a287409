import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, unzipSync, zipSync } from "fflate";
import writeXlsxFile, { type SheetData } from "write-excel-file/node";
import { UnreadableFile } from "./read.ts";
import { brief, fileOf, readAll } from "./testing.ts";
import { maxCells, maxColumns, maxRows } from "./xlsx.ts";

const written = async (data: SheetData) => writeXlsxFile(data).toBuffer();

test("values of a spreadsheet come back as they were typed, with the numbers of their rows", async () => {
  const date = (format: string, iso: string) => ({ type: Date, format, value: new Date(`${iso}Z`) });
  const file = await written([
    ["phone", "number", "on", "day", "time", "text"].map((value) => ({ value })),
    [
      { value: 989123456789 },
      { value: 0.1 + 0.2 },
      { value: true },
      date("yyyy-mm-dd", "2024-05-02T00:00:00"),
      date("yyyy-mm-dd hh:mm:ss", "2024-05-02T18:21:07"),
      { value: " +98912, «علی»\n" },
    ],
    [],
    [{ value: 123456789012345 }, { value: -7 }, { value: false }, null, null, { value: "00912" }],
    [{ value: 9.8912345678901e19 }, { value: 1e-7 }],
  ]);
  const { records, understood } = await readAll(file);
  assert.deepEqual(understood, { packing: "xlsx", encoding: null, delimiter: null });
  assert.deepEqual(
    records.map((record) => [record.line, record.fields]),
    [
      [1, ["phone", "number", "on", "day", "time", "text"]],
      [2, ["989123456789", "0.3", "true", "2024-05-02", "2024-05-02T18:21:07", " +98912, «علی»\n"]],
      [4, ["123456789012345", "-7", "false", "", "", "00912"]],
      [5, ["9.8912345678901e+19", "1e-7", "", "", "", ""]],
    ],
  );
});

test("every second of a day comes back as it was, in any time zone", async () => {
  const times = Array.from({ length: 2_000 }, (_, at) => new Date(Date.UTC(2024, 4, 2) + at * 43_207_000));
  const cells = times.map((value) => [{ type: Date, format: "yyyy-mm-dd hh:mm:ss", value }]);
  const { records } = await readAll(await written([[{ value: "at" }], ...cells]));
  assert.deepEqual(
    records.slice(1).map((record) => record.fields?.[0]),
    times.map((time) => time.toISOString().replace(/(T00:00:00)?\.000Z$/, "")),
  );
});

const workbook = '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>';
const relations =
  '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>';

/** A spreadsheet with this inside `sheetData`. */
const xlsxOf = (rows: string, more: Record<string, string> = {}) =>
  zipSync(
    Object.fromEntries(
      Object.entries({
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations,
        "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
        ...more,
      }).map(([name, xml]) => [name, strToU8(xml)]),
    ),
  );

const cell = (address: string, text: string) => `<c r="${address}" t="inlineStr"><is><t>${text}</t></is></c>`;

test("formulas give what they came to, exponents become digits, and what is empty at the end is left out", async () => {
  const file = xlsxOf(
    `<row r="3">${cell("A3", "id")}${cell("B3", "phone")}<c r="D3" s="0"/></row>` +
      '<row r="4"><c r="A4" t="str"><f>UPPER("x")</f><v>X</v></c><c r="B4"><f>1+1</f><v>9.89123456789E11</v></c></row>' +
      '<row r="5"><c r="A5" t="b"><v>1</v></c><c r="B5" t="e"><v>#N/A</v></c></row><row r="6"/>' +
      `<row r="7">${cell("C7", "beyond")}</row><row r="900"><c r="A900"/></row>`,
  );
  const { records } = await readAll(file);
  assert.deepEqual(brief(records), [
    [3, "id|phone"],
    [4, "X|989123456789"],
    [5, "true|"],
    [7, "||beyond"],
  ]);
});

test("a value that a database cannot hold costs its row", async () => {
  const { records } = await readAll(
    xlsxOf(
      `<row r="1">${cell("A1", "id")}</row><row r="2">${cell("A2", "x_x0000_y")}</row><row r="3">${cell("A3", "z")}</row>`,
    ),
  );
  assert.deepEqual(brief(records), [
    [1, "id"],
    [2, "✗ The row contains a NUL byte (0x00), which no text has; write the file again."],
    [3, "z"],
  ]);
});

async function refuses(file: Uint8Array, reason: RegExp) {
  await assert.rejects(readAll(fileOf(file, [65_536])), (error) => {
    assert.ok(error instanceof UnreadableFile, String(error));
    assert.match(error.message, reason);
    return true;
  });
}

test("a sheet that reaches too far is refused, however little is in it", async () => {
  assert.deepEqual([maxRows, maxColumns, maxCells], [1_048_576, 16_384, 20e6]);
  const last = `<row r="1048576">${cell("XFD1048576", "x")}</row>`;
  await refuses(
    xlsxOf(last),
    /row 1048576 and column 16384, more than 20 million cells; delete the empty rows/,
  );
  await refuses(xlsxOf(`<row r="9999999">${cell("A9999999", "x")}</row>`), /further than Excel does/);
  await refuses(xlsxOf(`<row r="1">${cell("ZZZ1", "x")}</row>`), /further than Excel does/);
  await refuses(xlsxOf(`<row r="1">${cell("ZZZZZZZ1", "x")}</row>`), /has the address "ZZZZZZZ1"/);
  await refuses(xlsxOf('<row r="10000000000"/>'), /has the address "10000000000"/);
  await refuses(xlsxOf(`<row r="1"><c a=">" r="ZZZZZZZ1"><v>1</v></c></row>`), /not written as Excel does/);
  await refuses(xlsxOf(`<row r="1"><c r="A&#49;0"><v>1</v></c></row>`), /has the address/);
  await refuses(xlsxOf("<row/>".repeat(maxRows + 1)), /further than Excel does/);
});

test("a spreadsheet that is none inside is refused, never a crash", async () => {
  await refuses(xlsxOf("<row><c"), /cannot be read/);
  await refuses(xlsxOf("", { "xl/workbook.xml": "<workbook/>" }), /cannot be read/);
  await refuses(xlsxOf("", { "xl/workbook.xml": "\0\0" }), /cannot be read/);
  await refuses(xlsxOf("", { "xl/_rels/workbook.xml.rels": "<a/>" }), /no table|cannot be read/);
  await refuses(xlsxOf('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), /cannot be read/);
  const { "xl/worksheets/sheet1.xml": _, ...parts } = unzipSync(xlsxOf(""));
  await refuses(zipSync(parts), /cannot be read/);
  assert.deepEqual((await readAll(xlsxOf(""))).records, []);
});

test("a large sheet comes in whole", async () => {
  const rows: string[] = [];
  for (let row = 1; row <= 8_000; row++) {
    rows.push(
      `<row r="${row}">${cell(`A${row}`, `name ${row} &amp; ی`)}<c r="B${row}"><v>${row}</v></c></row>`,
    );
  }
  const { records } = await readAll(xlsxOf(rows.join("")));
  assert.equal(records.length, 8_000);
  for (const [at, record] of records.entries()) {
    assert.deepEqual(record.fields, [`name ${at + 1} & ی`, String(at + 1)]);
  }
});
