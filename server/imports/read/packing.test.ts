import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Zippable, zipSync } from "fflate";
import { maxRatio, maxUnpackedBytes, ratioFreeBytes } from "./packing.ts";
import { UnreadableFile } from "./read.ts";
import { brief, fileOf, readAll } from "./testing.ts";
import { maxXlsxBytes, maxZipEntries } from "./zip.ts";

const csv = Buffer.from("a,b\n1,2\n");
const rows = [
  [1, "a|b"],
  [2, "1|2"],
];

async function refuses(file: Uint8Array, reason: RegExp) {
  await assert.rejects(readAll(fileOf(file, [65_536])), (error) => {
    assert.ok(error instanceof UnreadableFile, String(error));
    assert.match(error.message, reason);
    return true;
  });
}

test("a packed file is unpacked, whatever its name, however it is cut", async () => {
  for (const pieceSize of [1, 7, 1_000]) {
    for (const packed of [
      gzipSync(csv),
      zipSync({ "a/people.csv": csv }),
      zipSync({ "people.csv": csv }, { level: 0 }),
    ]) {
      assert.deepEqual(brief((await readAll(fileOf(packed, [pieceSize]))).records), rows);
    }
  }
});

test("a gzip of several members is one file", async () => {
  const packed = Buffer.concat([gzipSync("a,b\n1"), gzipSync(",2\n")]);
  assert.deepEqual(brief((await readAll(packed)).records), rows);
});

test("folders and what systems put beside a file do not count as files of a zip", async () => {
  const packed = zipSync({
    "export/": new Uint8Array(),
    "export/people.csv": csv,
    "__MACOSX/export/._people.csv": new Uint8Array(9),
    "export/.DS_Store": new Uint8Array(9),
  });
  assert.deepEqual(brief((await readAll(packed)).records), rows);
});

test("a zip that does not hold exactly one file is refused, and its files named", async () => {
  const text = new Uint8Array(1);
  await refuses(
    zipSync({ "a.csv": csv, "b.csv": csv }),
    /2 files \(a\.csv, b\.csv\); upload a zip that holds exactly/,
  );
  await refuses(zipSync({ a: text, b: text, c: text, d: text }), /4 files \(a, b, c …\)/);
  await refuses(zipSync({}), /holds no file/);
  const many: Zippable = {};
  for (let at = 0; at <= maxZipEntries; at++) many[`${at}/`] = new Uint8Array();
  await refuses(zipSync(many), /2001 entries/);
});

test("a file that was cut off says so", async () => {
  const large = randomBytes(100_000).toString("hex");
  const gzip = gzipSync(large);
  await refuses(gzip.subarray(0, -9), /^The gzip is not whole/);
  await refuses(gzip.subarray(0, 12), /^The gzip is not whole/);
  const zip = zipSync({ "people.csv": Buffer.from(large) });
  for (const cut of [-1, -30, -1_000]) await refuses(zip.subarray(0, cut), /^The zip is not whole/);
});

test("a zip whose bytes were changed says so", async () => {
  const zip = Buffer.from(zipSync({ "people.csv": csv }, { level: 0 }));
  zip.write("7", zip.indexOf("1,2"));
  await refuses(zip, /The zip is damaged: its check sum does not fit/);
  const packed = Buffer.from(zipSync({ "people.csv": randomBytes(1_000) }));
  packed.fill(0xff, 50, 60);
  await refuses(packed, /^The zip is (not whole|damaged)/);
});

/** The zip with a number of its directory changed (APPNOTE §4.3.12). */
function withDirectory(zip: Uint8Array, change: (entry: Buffer) => void): Buffer {
  const changed = Buffer.from(zip);
  change(changed.subarray(changed.lastIndexOf("PK\x01\x02")));
  return changed;
}

test("a zip that is protected, or packed with another method, is refused", async () => {
  const zip = zipSync({ "people.csv": csv });
  const encrypted = withDirectory(zip, (entry) => entry.writeUInt16LE(1, 8));
  await refuses(encrypted, /protected by a password; pack it without one/);
  const strong = withDirectory(zip, (entry) => entry.writeUInt16LE(0x41, 8));
  await refuses(strong, /protected by a password/);
  const lzma = withDirectory(zip, (entry) => entry.writeUInt16LE(14, 10));
  await refuses(lzma, /packed with method 14/);
});

test("a file that is packed twice is refused", async () => {
  await refuses(gzipSync(zipSync({ "people.csv": csv })), /packed twice \(inside the gzip\)/);
  await refuses(zipSync({ "people.csv.gz": gzipSync(csv) }), /packed twice \(inside the zip\)/);
});

test("what is no table is refused by its first bytes, also when it is packed", async () => {
  const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(1_000)]);
  const cases: [Uint8Array, RegExp][] = [
    [ole, /old Excel file \(\.xls\), or one that is protected by a password; save it as \.xlsx/],
    [Buffer.from("%PDF-1.7\n"), /This is a PDF/],
    [Buffer.from("\ufeff<!DOCTYPE html><table>"), /web page or XML/],
    [Buffer.from("377abcaf271c", "hex"), /packed in a way that is not read/],
    [zipSync({ mimetype: Buffer.from("x"), "content.xml": csv }), /\.ods.*save it as \.xlsx or CSV/],
    [zipSync({ "[Content_Types].xml": csv, "xl/workbook.bin": csv }), /\.xlsb/],
    [zipSync({ "[Content_Types].xml": csv, "word/document.xml": csv }), /without a sheet/],
  ];
  for (const [file, reason] of cases) await refuses(file, reason);
  await refuses(gzipSync(ole), /old Excel file/);
  await refuses(zipSync({ "people.xls": ole }), /old Excel file/);
});

const zeros = Buffer.alloc(ratioFreeBytes + 2 ** 20);

/** A zip made by zlib, which packs a bomb in a fraction of the time. */
function bombOf(parts: Record<string, Uint8Array>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const packed = deflateRawSync(content, { level: 6 });
    const local = Buffer.alloc(30);
    local.write("PK\x03\x04", "latin1");
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.write("PK\x01\x02", "latin1");
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    files.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += local.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

test("a bomb is stopped after its first megabytes, and the limit named", async () => {
  assert.deepEqual([maxUnpackedBytes, maxRatio], [20e9, 500]);
  await refuses(gzipSync(zeros), /The gzip unpacks to more than 500 times its size/);
  await refuses(bombOf({ "people.csv": zeros }), /The zip unpacks to more than 500 times its size/);
});

test("what the directory of a zip says of sizes is not believed", async () => {
  const zip = bombOf({ "people.csv": zeros });
  const lying = withDirectory(zip, (entry) => entry.writeUInt32LE(8, 24));
  await refuses(lying, /^The zip is not whole/);
});

test("a spreadsheet that unpacks to more than its limit is refused before it is read", async () => {
  const sheet = Buffer.alloc(maxXlsxBytes + 1, "<row/>");
  const parts = { "[Content_Types].xml": csv, "xl/workbook.xml": csv, "xl/worksheets/sheet1.xml": sheet };
  const xlsx = bombOf(parts);
  await refuses(xlsx, /unpacks to more than 100 MB/);
  const lying = withDirectory(xlsx, (entry) => entry.writeUInt32LE(8, 24));
  await refuses(lying, /^The zip is not whole/);
});

test("a fault of the store is not taken for a fault of the file", async () => {
  const packed = zipSync({ "people.csv": randomBytes(1_000) });
  const source = fileOf(packed, [100]);
  const failing = {
    size: source.size,
    async *read(from = 0) {
      if (from > 0 && from < 500) throw new Error("the database went away");
      yield* source.read(from);
    },
  };
  await assert.rejects(readAll(failing), /^Error: the database went away$/);
});

test("a packed file with changed bytes is read or refused, never a crash", async () => {
  const header = "id,name,phone\n";
  const text = Buffer.from(header + "1,علی,98912\n".repeat(50));
  const xml = (content: string) => Buffer.from(content);
  const files = [
    gzipSync(text),
    zipSync({ "people.csv": text }),
    zipSync({
      "[Content_Types].xml": xml("<Types/>"),
      "xl/workbook.xml": xml('<workbook><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'),
      "xl/_rels/workbook.xml.rels": xml(
        '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
      "xl/worksheets/sheet1.xml": xml(
        '<worksheet><sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData></worksheet>',
      ),
    }),
  ];
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (file, changes) => {
        const changed = Buffer.from(file);
        for (const [at, byte] of changes) changed[at % changed.length] = byte;
        await readAll(changed).catch((error) =>
          assert.ok(error instanceof UnreadableFile, String(error?.stack)),
        );
      },
    ),
    { numRuns: 150 },
  );
});

test("bytes that look like a zip and are none are refused", async () => {
  const head = Buffer.from("504b0304", "hex");
  for (let run = 0; run < 50; run++)
    await refuses(Buffer.concat([head, randomBytes(run * 20)]), /^The zip is not whole/);
});
