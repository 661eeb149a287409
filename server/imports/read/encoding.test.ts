import assert from "node:assert/strict";
import { test } from "node:test";
import iconv from "iconv-lite";
import type { Encoding } from "../fields.ts";
import { parseEncoding, type ReadOptions } from "./read.ts";
import { brief, fileOf, readAll } from "./testing.ts";

const persian = "id,name\n1,دانشگاه بزرگ تهران\n2,پارسا چگینی ژاله گلستان\n3,کتاب های من\n";
const arabic = "id,name\n1,محمد علي\n2,مكتبة الإسكندرية\n3,يوسف\n";
const french = "id,name\n1,José Müller\n2,Hélène Ñandú\n3,crème brûlée à Ångström\n";

async function understoodAs(bytes: Buffer, options: ReadOptions = {}, pieceSize = 7) {
  const { records, understood } = await readAll(fileOf(bytes, [pieceSize]), options);
  return { encoding: understood?.encoding, records: brief(records) };
}

const rowsOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line, at) => [at + 1, line.replace(",", "|")]);

test("the encoding is told by the bytes alone", async () => {
  const cases: [string, Encoding, object?][] = [
    [persian, "utf-8"],
    [arabic, "utf-8"],
    [french, "utf-8"],
    [persian, "utf-16le"],
    [persian, "utf-16be"],
    [french, "utf-16le"],
    [french, "utf-16be"],
    [persian, "utf-16le", { addBOM: true }],
    [persian, "utf-16be", { addBOM: true }],
    [french, "utf-8", { addBOM: true }],
    [persian.replaceAll("ی", "ي"), "windows-1256"],
    [arabic, "windows-1256"],
    [french, "windows-1252"],
  ];
  for (const [text, encoding, options] of cases) {
    for (const pieceSize of [1, 7, 100_000]) {
      const found = await understoodAs(iconv.encode(text, encoding, options), {}, pieceSize);
      assert.deepEqual(found, { encoding, records: rowsOf(text) }, `${encoding} ${text}`);
    }
  }
});

test("the country decides where the bytes do not", async () => {
  const bytes = Buffer.from("id,name\n1,\xc7\xe3\n2,x\n", "latin1");
  const cases: [string, Encoding, string][] = [
    ["IR", "windows-1256", "ام"],
    ["EG", "windows-1256", "ام"],
    ["ir", "windows-1256", "ام"],
    ["DE", "windows-1252", "Çã"],
  ];
  for (const [country, encoding, name] of cases) {
    assert.deepEqual(await understoodAs(bytes, { country }), {
      encoding,
      records: [
        [1, "id|name"],
        [2, `1|${name}`],
        [3, "2|x"],
      ],
    });
  }
});

test("bytes that are clear are not overruled by the country", async () => {
  const inGermany = await understoodAs(iconv.encode(arabic, "windows-1256"), { country: "DE" });
  assert.equal(inGermany.encoding, "windows-1256");
  const inIran = await understoodAs(iconv.encode(french, "windows-1252"), { country: "IR" });
  assert.equal(inIran.encoding, "windows-1252");
});

test("an encoding that is given is taken, whatever the bytes look like", async () => {
  const found = await understoodAs(iconv.encode(arabic, "windows-1256"), { encoding: "windows-1252" });
  assert.equal(found.encoding, "windows-1252");
  assert.match(String(found.records[1]), /ãÍãÏ/);
});

test("letters that come after megabytes of ASCII are read as well, in each encoding", async () => {
  const rows = Array.from({ length: 50_000 }, (_, row) => `${row},a name of the usual length`);
  for (const [encoding, name] of [
    ["utf-8", "سلام دنیا"],
    ["windows-1256", "سلام به دنيا"],
    ["windows-1252", "Hélène Müller, Ñandú"],
  ] as const) {
    const text = `id,name\n${rows.join("\n")}\n7,"${name}"\n8,x\n`;
    const { encoding: found, records } = await understoodAs(iconv.encode(text, encoding), {}, 65_536);
    assert.equal(found, encoding);
    assert.deepEqual(records.slice(-2), [
      [50_002, `7|${name}`],
      [50_003, "8|x"],
    ]);
  }
});

test("a few broken bytes in a UTF-8 file cost their row, wherever they are", async () => {
  const rows = persian.trimEnd().split("\n");
  const broken = Buffer.from("4,caf\xe9", "latin1");
  const lineEnd = Buffer.from("\n");
  for (const at of [1, 2, 4]) {
    const lines = rows.map((row) => Buffer.from(row));
    lines.splice(at, 0, broken);
    const found = await understoodAs(Buffer.concat(lines.flatMap((line) => [line, lineEnd])));
    assert.equal(found.encoding, "utf-8");
    assert.match(String(found.records[at]?.[1]), /^✗ The row has bytes that mean nothing in utf-8/);
    assert.equal(found.records.filter(([, text]) => String(text).startsWith("✗")).length, 1);
  }
});

test("what an encoding has no letter for costs its row, in UTF-16 and Windows-1252 too", async () => {
  const halfPair = iconv.encode("id,name\n1,x\ud83dy\n2,😀\n", "utf-16le", { addBOM: true });
  const latin = Buffer.from("id,name\n1,caf\xe9 \x81\n2,Andr\xe9\n3,Ren\xe9e\n4,Zo\xe9\n", "latin1");
  const oddEnd = Buffer.concat([iconv.encode("id,name\n1,x\n2,y", "utf-16le"), Buffer.from("z")]);
  for (const [bytes, line] of [
    [halfPair, 2],
    [latin, 2],
    [oddEnd, 3],
  ] as const) {
    for (const pieceSize of [1, 3, 1_000]) {
      const { records } = await understoodAs(bytes, {}, pieceSize);
      const faults = records.filter(([, text]) => String(text).startsWith("✗"));
      assert.deepEqual(
        faults.map(([at]) => at),
        [line],
      );
    }
  }
});

test("encodings are known by the names that people and systems give them", () => {
  const names: [string, Encoding | null][] = [
    ["UTF8", "utf-8"],
    ["utf-8", "utf-8"],
    ["cp1256", "windows-1256"],
    ["Windows 1256", "windows-1256"],
    ["latin1", "windows-1252"],
    ["ISO-8859-1", "windows-1252"],
    ["UTF-16", "utf-16le"],
    ["utf_16_be", "utf-16be"],
    ["koi8-r", null],
    ["constructor", null],
    ["", null],
  ];
  for (const [name, encoding] of names) assert.equal(parseEncoding(name), encoding, name);
});
