import { type CopyData, CopyWriter } from "../db/copy.ts";
import type { Database } from "../db/database.ts";
import { createEventStage, type StagedEvents } from "../events/merge.ts";
import { createInstallationStage, type StagedPeople } from "../installations/merge.ts";
import type { AttributeUse } from "../users/attribute-rules.ts";
import { createUserStage } from "../users/merge.ts";
import { openStoredFile } from "./files.ts";
import type { FilePlan, MappedRow, Warning } from "./formats/format.ts";
import { isBlankRow, type OpenedFile, openTable } from "./open.ts";
import type { ImportRow } from "./queries/history.ts";
import { type ImportErrorRow, listMergedKeys } from "./queries/outcomes.ts";
import {
  type FileRecord,
  type Understood as FileUnderstood,
  readRecords,
  refusedFor,
  UnreadableFile,
} from "./read/read.ts";
import { createSeenKeys, type SeenKeys } from "./repeats.ts";
import { faultsOf, Rejected } from "./values/rejected.ts";
import { createWarnings } from "./warnings.ts";

// Short transactions: progress, resumption and locks come from that. More rows gain the database nothing.
const batchSize = 2_500;
/** The first batch is small, so that progress is seen at once. */
const firstBatchSize = 500;
/** Everything of a batch that can be done before its transaction. Flat, since it may come from another thread. */
export interface PreparedBatch {
  /** For `staged_rows`: line, key, user, installation, and what makes the row count as new. */
  rows: CopyData;
  people: StagedPeople | null;
  events: StagedEvents | null;
  errors: ImportErrorRow[];
  warnings: Warning[];
  /** Attributes that this run of the file writes here first. */
  attributes: AttributeUse[];
  /** Lines that are staged, but that later ones of the batch replace. */
  replacedLines: number[];
  /** Keys that may have been in an earlier batch. */
  repeatedKeys: string[];
  size: number;
  lastLine: number;
  /** Rows of the file up to here that were neither rejected nor beyond the limit. */
  acceptedRows: number;
  bytesRead: number;
  /** What was made of the file; the same in every batch. */
  opened: OpenedFile;
}

/** The rest of the file after what was committed, batch by batch, ready to merge. */
export async function* prepareBatches(db: Database, row: ImportRow): AsyncGenerator<PreparedBatch> {
  let bytesRead = 0;
  const source = openStoredFile(db, { fileId: row.fileId, size: row.bytesTotal ?? 0 }, (read) => {
    bytesRead = read;
  });
  const { country, encoding } = row.options;
  let file: FileUnderstood | null = null;
  const records = readRecords(source, { country, encoding }, (understood) => {
    file = understood;
  });
  const batch = createBatch(await seenBefore(db, row), row);
  let opened: { plan: FilePlan; file: OpenedFile } | null = null;
  let size = row.doneLine === 0 ? firstBatchSize : batchSize;
  for await (const chunk of records) {
    let from = 0;
    if (!opened) {
      const found = await openTable(db, row, chunk, file, batch);
      if (!found.ok) throw refusedFor(found.faults);
      opened = found;
      from = 1;
    }
    for (let index = from; index < chunk.length; index++) {
      const record = chunk[index] as FileRecord; // within its bounds
      // A resumed run cuts the rest of the file where the first run would have.
      if (record.line <= row.doneLine) continue;
      batch.add(opened.plan, record);
      if (batch.size() < size) continue;
      yield { ...batch.finish(), opened: opened.file, bytesRead };
      size = batchSize;
    }
  }
  if (!opened) throw new UnreadableFile("The file is empty: it has no header.");
  // A file of nothing but a header has one batch, too: what it was read as, and its segment, come with the first.
  const isFirst = row.doneLine === 0 && size === firstBatchSize;
  if (batch.size() > 0 || isFirst) yield { ...batch.finish(), opened: opened.file, bytesRead };
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

/** Rows of the file, checked and staged as they come: of each nothing is kept but its key and what is wrong with it. */
function createBatch(seen: SeenKeys, { options, acceptedRows }: ImportRow) {
  const { rowLimit } = options;
  const rows = new CopyWriter(5);
  const users = createUserStage();
  const installations = createInstallationStage();
  const events = createEventStage();
  /** Keys of the rows, with the lines that have the last word. */
  const lines = new Map<string, number>();
  const namedUsers = new Set<string>();
  const warnings = createWarnings();
  let attributes: AttributeUse[] = [];
  let errors: ImportErrorRow[] = [];
  let repeatedKeys: string[] = [];
  let replacedLines: number[] = [];
  let [size, lastLine, people, happened] = [0, 0, 0, 0];
  /** Of the whole file so far. */
  let accepted = acceptedRows;

  function stage(row: MappedRow): void {
    const { line, rowKey } = row;
    const earlier = lines.get(rowKey);
    if (earlier !== undefined) {
      replacedLines.push(earlier);
      errors.push(discarded(earlier, line));
    } else if (seen.add(rowKey)) {
      repeatedKeys.push(rowKey);
    }
    lines.set(rowKey, line);
    rows.row().int4(line).uuid(rowKey);
    if (row.kind === "person") {
      rows.uuid(row.user.userKey).uuid(row.installation?.installationKey).text(row.subject);
      people++;
      users.add(row.user);
      if (row.installation) installations.add(row.installation);
      return;
    }
    const { userKey, userId } = row.event;
    rows.uuid(userKey).uuid(null).text("event");
    happened++;
    events.add(row.event);
    if (userKey === null || userId === null || namedUsers.has(userKey)) return;
    // Who is named by events need not be known yet.
    namedUsers.add(userKey);
    people++;
    users.add({
      userKey,
      userId,
      isGuest: false,
      attributes: {},
      tags: [],
      valueTags: {},
      optedOut: [],
      line,
    });
  }

  return {
    size: () => size,
    add(plan: FilePlan, { line, fields, fault }: FileRecord): void {
      if (fields && isBlankRow(fields)) return;
      size += 1;
      lastLine = Math.max(lastLine, line);
      if (rowLimit !== null && accepted >= rowLimit) {
        errors.push(overLimit(line, rowLimit));
        return;
      }
      try {
        if (!fields) throw new Rejected("row_unreadable", null, fault ?? "The row cannot be read.");
        stage(plan.map(line, fields));
        accepted += 1;
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        for (const [seq, { code, column, message }] of faultsOf(error).entries()) {
          errors.push({ line, seq, outcome: "rejected", code, column, detail: message });
        }
      }
    },
    warn: warnings.add,
    onAttribute(use: AttributeUse): void {
      attributes.push(use);
    },
    /** All that came since the start or the last time. */
    finish(): Omit<PreparedBatch, "opened" | "bytesRead"> {
      const staged = {
        rows: rows.finish(),
        people: people > 0 ? { users: users.finish(), installations: installations.finish() } : null,
        events: happened > 0 ? events.finish() : null,
        errors,
        warnings: warnings.take(),
        attributes,
        replacedLines,
        repeatedKeys,
        size,
        lastLine,
        acceptedRows: accepted,
      };
      lines.clear();
      namedUsers.clear();
      attributes = [];
      errors = [];
      repeatedKeys = [];
      replacedLines = [];
      [size, lastLine, people, happened] = [0, 0, 0, 0];
      return staged;
    },
  };
}

const overLimit = (line: number, limit: number): ImportErrorRow => ({
  line,
  seq: 0,
  outcome: "discarded",
  code: "over_limit",
  column: null,
  detail: `Only ${limit} rows are accepted, as asked (rowLimit); import the rest with another file.`,
});

const discarded = (line: number, byLine: number): ImportErrorRow => ({
  line,
  seq: 0,
  outcome: "discarded",
  code: "duplicate_in_file",
  column: null,
  detail: `Replaced by line ${byLine}, which speaks of the same.`,
});
