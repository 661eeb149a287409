import { createHash } from "node:crypto";
import { type CopyText, plainCell, toCopyText } from "../db/copy.ts";
import type { Database } from "../db/database.ts";
import { type StagedEvents, stageEvents } from "../events/merge.ts";
import { type StagedPeople, stageInstallations } from "../installations/merge.ts";
import { stageUsers } from "../users/merge.ts";
import { findReplaced, foldPeople } from "./batch.ts";
import { openStoredFile } from "./files.ts";
import { chooseFormat, planFile } from "./formats/choose.ts";
import type { EventRow, FileContext, FilePlan, MappedRow, PersonRow, Warning } from "./formats/format.ts";
import { findRememberedMapping, type ImportErrorRow, type ImportRow, listMergedKeys } from "./queries.ts";
import {
  type FileRecord,
  type Understood as FileUnderstood,
  readRecords,
  UnreadableFile,
} from "./read/read.ts";
import { createSeenKeys, type SeenKeys } from "./repeats.ts";
import type { ImportFormat, Understood } from "./schema.ts";
import { Rejected } from "./values/rejected.ts";

// Short transactions: progress, resumption and locks come from that. More rows gain the database nothing, and here they
// would outlive the young generation of the heap: with 5,000 a third of the reading went into collecting garbage.
const batchSize = 2_500;
/** The first batch is small, so that progress is seen at once. */
const firstBatchSize = 500;
/** Rows that the types of columns are guessed from. */
const sampleSize = 1_000;

/** Everything of a batch that can be done before its transaction. Flat, since it may come from another thread. */
export interface PreparedBatch {
  /** For `staged_rows`: line, key, user, installation, and what makes the row count as new. */
  rows: CopyText;
  people: StagedPeople | null;
  events: StagedEvents | null;
  errors: ImportErrorRow[];
  warnings: Warning[];
  /** Keys that may have been in an earlier batch. */
  repeatedKeys: string[];
  size: number;
  lastLine: number;
  bytesRead: number;
  /** What was made of the file; the same in every batch. */
  opened: OpenedFile;
}

interface OpenedFile {
  format: ImportFormat;
  understood: Understood;
  /** Of the columns' names: hex of sha-256. */
  headerHash: string;
}

/** Rows of the file, read and checked. */
interface Batch {
  rows: MappedRow[];
  errors: ImportErrorRow[];
  warnings: Map<string, Warning>;
  size: number;
  lastLine: number;
}

/** The rest of the file after what was committed, batch by batch, ready to merge. */
export async function* prepareBatches(db: Database, row: ImportRow): AsyncGenerator<PreparedBatch> {
  const seen = await seenBefore(db, row);
  for await (const { batch, opened, bytesRead } of readBatches(db, row)) {
    yield { ...stage(batch, seen), opened, bytesRead };
  }
}

/** The keys of what was merged before the run that this one takes over from. */
async function seenBefore(db: Database, row: ImportRow): Promise<SeenKeys> {
  const seen = createSeenKeys();
  for (let after = 0; row.doneLine > 0; ) {
    const batch = await listMergedKeys(db, row.importId, after);
    if (!batch) break;
    for (const key of batch.rowKeys) seen.add(key);
    after = batch.seq;
  }
  return seen;
}

function stage(batch: Batch, seen: SeenKeys): Omit<PreparedBatch, "opened" | "bytesRead"> {
  const { kept, replaced } = findReplaced(batch.rows);
  const people = batch.rows.filter((row): row is PersonRow => row.kind === "person");
  const events = kept.filter((row): row is EventRow => row.kind === "event");
  const { users, installations } = foldPeople(people);
  return {
    rows: toCopyText(kept, rowLine),
    people:
      people.length > 0
        ? { users: stageUsers(users), installations: stageInstallations(installations) }
        : peopleOf(events),
    events: events.length > 0 ? stageEvents(events.map((row) => row.event)) : null,
    errors: [...batch.errors, ...replaced.map(discarded)],
    warnings: [...batch.warnings.values()],
    repeatedKeys: kept.map((row) => row.rowKey).filter((key) => seen.add(key)),
    size: batch.size,
    lastLine: batch.lastLine,
  };
}

function rowLine(row: MappedRow): string {
  if (row.kind === "event") return `${row.line}\t${row.rowKey}\t${plainCell(row.event.userKey)}\t\\N\tevent`;
  const installation = plainCell(row.installation?.installationKey);
  return `${row.line}\t${row.rowKey}\t${row.user.userKey}\t${installation}\t${row.subject}`;
}

/** Who is named by events need not be known yet. */
function peopleOf(events: readonly EventRow[]): StagedPeople | null {
  const users = new Map(
    events.flatMap(({ event: { userKey, userId } }) =>
      userKey === null || userId === null
        ? []
        : [
            [
              userKey,
              { userKey, userId, isGuest: false, attributes: {}, tags: [], valueTags: {}, optedOut: [] },
            ],
          ],
    ),
  );
  return users.size > 0 ? { users: stageUsers(users.values()), installations: stageInstallations([]) } : null;
}

const discarded = ({ line, byLine }: { line: number; byLine: number }): ImportErrorRow => ({
  line,
  outcome: "discarded",
  code: "duplicate_in_file",
  column: null,
  detail: `Replaced by line ${byLine}, which speaks of the same.`,
});

async function* readBatches(
  db: Database,
  row: ImportRow,
): AsyncGenerator<{ batch: Batch; opened: OpenedFile; bytesRead: number }> {
  let bytesRead = 0;
  const source = openStoredFile(db, { fileId: row.fileId, size: row.bytesTotal ?? 0 }, (read) => {
    bytesRead = read;
  });
  const { country, encoding } = row.options;
  let file: FileUnderstood | null = null;
  const options = { country: country ?? undefined, encoding: encoding ?? undefined };
  const records = readRecords(source, options, (understood) => {
    file = understood;
  });
  let batch = emptyBatch();
  const context = contextOf(row, () => batch);
  let opened: { plan: FilePlan; file: OpenedFile } | null = null;
  let size = row.doneLine === 0 ? firstBatchSize : batchSize;
  for await (const chunk of records) {
    let from = 0;
    if (!opened) {
      opened = await openFile(db, row, context, chunk, file);
      from = 1;
    }
    for (let index = from; index < chunk.length; index++) {
      const record = chunk[index] as FileRecord; // within its bounds
      // A resumed run cuts the rest of the file where the first run would have.
      if (record.line <= row.doneLine) continue;
      addRecord(batch, opened.plan, record);
      if (batch.size < size) continue;
      yield { batch, opened: opened.file, bytesRead };
      size = batchSize;
      batch = emptyBatch();
    }
  }
  if (!opened) throw new UnreadableFile("The file is empty: it has no header.");
  if (batch.size > 0) yield { batch, opened: opened.file, bytesRead };
}

const emptyBatch = (): Batch => ({ rows: [], errors: [], warnings: new Map(), size: 0, lastLine: 0 });

function contextOf(row: ImportRow, batch: () => Batch): FileContext {
  const { options } = row;
  return {
    appId: row.appId,
    timeZone: row.timeZone,
    phone: { country: options.country, isStrict: options.phone === "strict" },
    erasesBlanks: options.onBlank === "erase",
    isStrict: options.columns === "strict",
    importTag: row.importTag,
    mapping: options.mapping,
    // A run that goes on reads the columns as it began.
    remembered: row.understood,
    warn(line, column, detail) {
      const known = batch().warnings.get(column);
      if (known) known.count += 1;
      else batch().warnings.set(column, { code: "value_ignored", column, detail, count: 1, line });
    },
  };
}

/** Decides by the header, and the rows that came along with it, how to read the file. Throws {@link UnreadableFile}. */
async function openFile(
  db: Database,
  row: ImportRow,
  context: FileContext,
  [first, ...rest]: readonly FileRecord[],
  file: FileUnderstood | null,
): Promise<{ plan: FilePlan; file: OpenedFile }> {
  const header = first?.fields ?? null;
  if (header === null) {
    throw new UnreadableFile(
      `The header, line ${first?.line ?? 1}, cannot be read. ${first?.fault ?? ""}`.trim(),
    );
  }
  const format = row.format === "auto" ? chooseFormat(header) : row.format;
  const headerHash = createHash("sha256").update(header.join("\0")).digest("hex");
  const remembered =
    context.remembered ??
    (await findRememberedMapping(db, { appKey: row.appKey, importId: row.importId, format, headerHash }));
  const sample = rest.slice(0, sampleSize).flatMap((record) => (record.fields ? [record.fields] : []));
  const planned = planFile(format, header, sample, { ...context, remembered });
  if (!planned.ok) throw new UnreadableFile(planned.faults.join(" "));
  const { plan } = planned;
  const width = header.length;
  const map: FilePlan["map"] = (line, fields) => {
    if (fields.length === width) return plan.map(line, fields);
    throw new Rejected("row_width", null, `The row has ${fields.length} values, the header has ${width}.`);
  };
  const understood: Understood = {
    packing: file?.packing ?? "none",
    encoding: file?.encoding ?? null,
    delimiter: file?.delimiter ?? null,
    key: plan.key,
    columns: plan.columns,
  };
  return { plan: { ...plan, map }, file: { format, understood, headerHash } };
}

function addRecord(batch: Batch, plan: FilePlan, { line, fields, fault }: FileRecord): void {
  // Spreadsheets write rows of nothing but delimiters below the last one.
  if (fields && fields[0] === "" && fields.every((field) => field === "")) return;
  batch.size += 1;
  batch.lastLine = Math.max(batch.lastLine, line);
  try {
    if (!fields) throw new Rejected("row_unreadable", null, fault ?? "The row cannot be read.");
    batch.rows.push(plan.map(line, fields));
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    const { code, column, message } = error;
    batch.errors.push({ line, outcome: "rejected", code, column, detail: message });
  }
}
