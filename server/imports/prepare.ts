import type { Database } from "../db/database.ts";
import { findOwners, type Owner } from "../installations/installations.ts";
import { type StagedInstallations, stageInstallations } from "../installations/merge.ts";
import { type StagedUsers, stageUsers } from "../users/merge.ts";
import { dropReplaced, foldBatch, type KeyedRow, keyRow } from "./batch.ts";
import { type ColumnPlan, planColumns } from "./columns.ts";
import { openStoredFile } from "./files.ts";
import { mapRow } from "./mapping.ts";
import type { ImportErrorRow, ImportRow } from "./queries.ts";
import { readRecords, UnreadableFile } from "./read/read.ts";

// 5,000 to 10,000 rows a transaction lose no speed and keep it short: progress, resumption and locks come from that.
const batchSize = 5_000;
/** The first batch is small, so that progress is seen at once. */
const firstBatchSize = 500;

/** Rows of the file, read and checked. */
interface Batch {
  rows: KeyedRow[];
  errors: ImportErrorRow[];
  /** Rows of the file in this batch, usable or not. */
  size: number;
  lastLine: number;
  bytesRead: number;
}

/** Everything of a batch that can be done before its transaction. Flat, since it may come from another thread. */
export interface PreparedBatch {
  /** The rows to merge, each key once: by position their line, key, user, and what makes them new. */
  lines: number[];
  rowKeys: string[];
  ownerKeys: string[];
  subjects: Subject[];
  users: StagedUsers;
  installations: StagedInstallations;
  errors: ImportErrorRow[];
  size: number;
  lastLine: number;
  bytesRead: number;
}

/** What a row is about: an installation, or the user's e-mail or phone. */
type Subject = "installation" | "email" | "phone";

const subjectOf = ({ mapped }: KeyedRow): Subject =>
  mapped.device ? "installation" : mapped.user.email === undefined ? "phone" : "email";

/**
 * The rest of the file after what was committed, batch by batch, ready to merge. A batch may be prepared while up to
 * `ahead` before it are not committed yet.
 */
export async function* prepareBatches(
  db: Database,
  row: ImportRow,
  ahead: number,
): AsyncGenerator<PreparedBatch> {
  // Owners that the batches on their way will have written: the database cannot tell them yet.
  const recent: Map<string, Owner>[] = [];
  for await (const batch of readBatches(db, row)) {
    const { kept, replaced } = dropReplaced(batch.rows);
    const unnamed = kept.filter(({ mapped }) => mapped.userId === null && mapped.device !== null);
    const known = await findOwners(
      db,
      row.appKey,
      unnamed.map(({ rowKey }) => rowKey),
    );
    for (const owners of recent) {
      for (const { rowKey } of unnamed) {
        const owner = owners.get(rowKey);
        if (owner) known.set(rowKey, owner);
      }
    }
    const { users, installations, owners } = foldBatch(row.appId, kept, known);
    recent.push(new Map(owners.map((owner, position) => [kept[position]?.rowKey ?? "", owner])));
    if (recent.length > ahead + 1) recent.shift();
    yield {
      lines: kept.map(({ line }) => line),
      rowKeys: kept.map(({ rowKey }) => rowKey),
      subjects: kept.map(subjectOf),
      ownerKeys: owners.map((owner) => owner.userKey),
      users: stageUsers(users.values()),
      installations: stageInstallations(installations),
      errors: [...batch.errors, ...replaced.map(discarded)],
      size: batch.size,
      lastLine: batch.lastLine,
      bytesRead: batch.bytesRead,
    };
  }
}

const discarded = ({ line, byLine }: { line: number; byLine: number }): ImportErrorRow => ({
  line,
  outcome: "discarded",
  code: "duplicate_in_file",
  column: "id",
  detail: `Replaced by line ${byLine}, which has the same id.`,
});

async function* readBatches(db: Database, row: ImportRow): AsyncGenerator<Batch> {
  let bytesRead = 0;
  let plan: ColumnPlan | null = null;
  // A resumed run cuts the rest of the file where the first run would have.
  let size = row.doneLine === 0 ? firstBatchSize : batchSize;
  let batch = emptyBatch();
  const source = openStoredFile(db, { fileId: row.fileId, size: row.bytesTotal }, (read) => {
    bytesRead = read;
  });
  for await (const records of readRecords(source)) {
    for (const record of records) {
      if (!plan) {
        plan = planFile(record.fields);
        continue;
      }
      if (record.line <= row.doneLine) continue;
      addRecord(batch, row.appId, plan, record);
      if (batch.size >= size) {
        yield { ...batch, bytesRead };
        size = batchSize;
        batch = emptyBatch();
      }
    }
  }
  if (!plan) throw new UnreadableFile("The file is empty: it has no header.");
  if (batch.size > 0) yield { ...batch, bytesRead };
}

const emptyBatch = (): Batch => ({ rows: [], errors: [], size: 0, lastLine: 0, bytesRead: 0 });

function planFile(header: string[] | null): ColumnPlan {
  const planned = planColumns(header ?? []);
  if (planned.ok) return planned.plan;
  throw new UnreadableFile(planned.faults.map((fault) => fault.detail).join(" "));
}

function addRecord(
  batch: Batch,
  appId: string,
  plan: ColumnPlan,
  record: { line: number; fields: string[] | null; fault: string | null },
): void {
  batch.size += 1;
  batch.lastLine = Math.max(batch.lastLine, record.line);
  const reject = (code: string, column: string | null, detail: string) =>
    batch.errors.push({ line: record.line, outcome: "rejected", code, column, detail });
  if (!record.fields) {
    reject("row_unreadable", null, record.fault ?? "The row cannot be read.");
    return;
  }
  const mapped = mapRow(record.fields, plan);
  if (mapped.ok) batch.rows.push(keyRow(appId, record.line, mapped.row));
  else reject(mapped.rejection.code, mapped.rejection.column, mapped.rejection.detail);
}
