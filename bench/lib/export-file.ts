import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sampleHeader, sampleRows } from "../../server/imports/sample.ts";

/** Which file: the same seed gives the same ids and values. */
export interface ExportWish {
  readonly rows: number;
  readonly seed: number;
  /** Every row a day later: one session more, and the tag of e-mail and SMS rows (they have no sessions) moved on. */
  readonly isChanged: boolean;
}

/** What an import of the file must come to. */
export interface Expected {
  readonly rows: number;
  /** Rows that cannot be used, by the code of their rejection. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Exact repeats of an earlier row, near (same batch) and far. */
  readonly discarded: number;
  readonly users: number;
  readonly installations: number;
  /** Sum of `launch_count` over the installations. */
  readonly launches: number;
}

export interface ExportFile {
  readonly path: string;
  readonly bytes: number;
  readonly expected: Expected;
}

/** A line without its line end. `fault` is the code it must be rejected with. */
export interface ExportRow {
  readonly text: string;
  readonly fault: string | null;
}

const badEvery = 100;
const repeatEvery = 1000;
// Only the last row of a person is repeated: the repeat of an earlier one would take back, within a batch, what a later
// one changed, and the later one would count as unchanged.
/** A far repeat lies this many repeats back: 20,000 rows, several batches. */
const farRepeats = 20;

// Cells of OneSignal's export, in its order.
const cell = {
  id: 0,
  identifier: 1,
  sessions: 2,
  os: 6,
  deviceType: 7,
  tags: 10,
  lastActive: 11,
  userId: 17,
} as const;
type Cells = string[];

/** Makes a row bad; the code is what the import must call it. */
const faults: readonly { code: string; spoil(cells: Cells): string }[] = [
  { code: "value_missing", spoil: (cells) => join(cells, cell.identifier, "") },
  { code: "device_type_unknown", spoil: (cells) => join(cells, cell.deviceType, "99") },
  { code: "tags_invalid", spoil: (cells) => join(cells, cell.tags, '"{""first_name"":"') },
  { code: "row_width", spoil: (cells) => cells.slice(0, -3).join(",") },
  { code: "date_invalid", spoil: (cells) => join(cells, cell.lastActive, "31/12/2026 25:00") },
  { code: "row_unreadable", spoil: (cells) => join(cells, cell.os, '"1"4') },
  // Never closed: the parser would take the rows up to the next quote into this value.
  { code: "row_unreadable", spoil: (cells) => join(cells, cell.tags, cells[cell.tags]?.slice(0, -1) ?? "") },
];

/**
 * Rows of the sample with exactly three tags and 400 bytes on average; one in a hundred is bad, one in a thousand a
 * repeat. `tally` hears what they must come to.
 */
export function* exportRows(wish: ExportWish, tally: Tally = createTally()): Generator<ExportRow> {
  const source = sampleRows(wish.rows - Math.floor(wish.rows / repeatEvery), wish.seed);
  const earlier: string[] = [];
  let previous: string | null = null;
  let isRepeatDue = true;
  for (let index = 0; index < wish.rows; index++) {
    tally.rows += 1;
    if (index % repeatEvery === repeatEvery - 1) {
      tally.discarded += 1;
      isRepeatDue = true;
      const isNear = Math.floor(index / repeatEvery) % 2 === 0;
      yield { text: (isNear ? earlier.at(-1) : earlier[0]) ?? "", fault: null };
      continue;
    }
    const cells = splitCells(source.next().value ?? "");
    rewrite(cells, wish.isChanged);
    if (index % badEvery === badEvery / 2) {
      const fault = faults[Math.floor(index / badEvery) % faults.length] ?? faults[0];
      if (!fault) throw new Error("there are no faults");
      tally.rejected[fault.code] = (tally.rejected[fault.code] ?? 0) + 1;
      yield { text: fault.spoil(cells), fault: fault.code };
      continue;
    }
    if (isRepeatDue && previous !== null && isOfAnother(tally, cells)) {
      earlier.push(previous);
      if (earlier.length > farRepeats) earlier.shift();
      isRepeatDue = false;
    }
    count(tally, cells);
    const text = cells.join(",");
    previous = text;
    yield { text, fault: null };
  }
}

/** Writes the file. */
export async function writeExport(path: string, wish: ExportWish): Promise<ExportFile> {
  const tally = createTally();
  await pipeline(Readable.from(inChunks(exportRows(wish, tally))), createWriteStream(path));
  const { lastUser, ...expected } = tally;
  return { path, bytes: (await stat(path)).size, expected };
}

/** The first rows that must be accepted, at most `limit`, as a file of their own. */
export function goodRows(wish: ExportWish, limit: number): string {
  const lines = [sampleHeader];
  for (const { text, fault } of exportRows(wish)) {
    if (lines.length > limit) break;
    if (fault === null) lines.push(text);
  }
  return `${lines.join("\n")}\n`;
}

type Tally = { -readonly [K in keyof Expected]: Expected[K] } & {
  rejected: Record<string, number>;
  /** Rows of a person stand together. */
  lastUser: string;
};

const createTally = (): Tally => ({
  ...{ rows: 0, rejected: {}, discarded: 0, users: 0, installations: 0, launches: 0 },
  lastUser: "",
});

function count(tally: Tally, cells: Cells): void {
  if (isOfAnother(tally, cells)) tally.users += 1;
  tally.lastUser = cells[cell.userId] ?? "";
  if (isContact(cells)) return;
  tally.installations += 1;
  tally.launches += Number(cells[cell.sessions]);
}

/** Whether the row is not of the same person as the one before. Without a user id it is of a guest of its own. */
function isOfAnother(tally: Tally, cells: Cells): boolean {
  const userId = cells[cell.userId] ?? "";
  return userId === "" || userId !== tally.lastUser;
}

const isContact = (cells: Cells) => cells[cell.deviceType] === "11" || cells[cell.deviceType] === "14";

const dayMs = 86_400_000;

const firstStep = "04";
/** Of e-mail and SMS rows, each another one: the second of a person must change something after the first, too. */
const laterStep: Readonly<Record<string, string>> = { "11": "05", "14": "06" };

function rewrite(cells: Cells, isChanged: boolean): void {
  const step = isChanged ? (laterStep[cells[cell.deviceType] ?? ""] ?? firstStep) : firstStep;
  cells[cell.tags] = threeTags(cells[cell.tags] ?? "", step);
  if (!isChanged) return;
  cells[cell.sessions] = String(Number(cells[cell.sessions]) + 1);
  const lastActive = Date.parse(`${cells[cell.lastActive]?.replace(" ", "T")}Z`);
  cells[cell.lastActive] = new Date(lastActive + dayMs).toISOString().slice(0, 19).replace("T", " ");
}

/** Out of the sample's none to four tags; the third makes up for the bytes that are missing to 400. */
function threeTags(sample: string, step: string): string {
  const [name = "Guest", city = "nowhere", plan = "free", level = "0"] = [
    ...sample.matchAll(/"":""([^"]*)""/g),
  ].map((match) => match[1] ?? "");
  const journey = `welcome_${plan}_level_${level}_waits_for_second_order_step_${step}`;
  return `"{""first_name"":""${name}"",""city"":""${city}"",""journey"":""${journey}""}"`;
}

function join(cells: Cells, index: number, value: string): string {
  return cells.map((old, position) => (position === index ? value : old)).join(",");
}

/** The cells of a good row as they stand there, quotes included. */
function splitCells(row: string): Cells {
  const cells: Cells = [];
  for (let at = 0; at <= row.length; ) {
    let end = row[at] === '"' ? closingQuote(row, at) + 1 : row.indexOf(",", at);
    if (end < 0) end = row.length;
    cells.push(row.slice(at, end));
    at = end + 1;
  }
  return cells;
}

function closingQuote(row: string, opening: number): number {
  let at = row.indexOf('"', opening + 1);
  while (row[at + 1] === '"') at = row.indexOf('"', at + 2);
  return at;
}

const chunkRows = 1000;

function* inChunks(rows: Iterable<ExportRow>): Generator<string> {
  let lines = [sampleHeader];
  for (const { text } of rows) {
    lines.push(text);
    if (lines.length < chunkRows) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}
