import type { Readable } from "node:stream";
import { v7 as uuidv7 } from "uuid";
import { record } from "../accounts/audit.ts";
import { prepareAnalysis } from "../db/analysis.ts";
import type { Database } from "../db/database.ts";
import { readColumn } from "../lib/column.ts";
import { userKey } from "../lib/keys.ts";
import { nameKey } from "../lib/names.ts";
import { type Problem, validationProblem } from "../lib/problem.ts";
import { findMembers, insertMembers } from "./members.ts";
import { insertSegment, lockSegments } from "./queries.ts";
import type { FileSegment } from "./schema.ts";
import { nameTaken, noFilter } from "./segments.ts";

const headers = ["userid", "user_id", "id"];
const maxIds = 5_000_000;
/** Ids that are asked for, and members that are written, at a time. */
const batchSize = 5_000;
const shownUnknown = 20;

/** What is left of a file of ids: keys of users, a list for each batch. */
interface Found {
  rows: number;
  keys: string[][];
  unknown: number;
  unknownFirst: string[];
}

/**
 * Makes a static segment of the users whose ids are in a file, one a line, as they are now. What is read is not held in a
 * transaction: whoever uploads slowly holds up nobody.
 */
export async function createFromFile(
  db: Database,
  caller: { appKey: number; appId: string; name: string },
  name: string,
  bytes: Readable,
): Promise<FileSegment> {
  const { appKey } = caller;
  const { keys, ...counts } = await readIds(db, caller, bytes);
  const { rows, unknown, unknownFirst } = counts;
  const segmentId = uuidv7();
  const found = await db.transaction(async (tx) => {
    await lockSegments(tx, appKey);
    const row = { segmentId, name, nameKey: nameKey(name), kind: "static" as const, ...noFilter };
    const made = { isPinned: false, createdAt: new Date(), createdBy: caller.name };
    if (!(await insertSegment(tx, { ...row, ...made, appKey }))) throw nameTaken(name);
    await prepareAnalysis(tx);
    let members = 0;
    for (const userKeys of keys) members += await insertMembers(tx, { appKey, segmentId, userKeys });
    if (members > 0) {
      const after = { name, kind: "static", file: { rows, members, unknown } };
      await record(tx, caller, "segment.created", segmentId, { before: null, after });
      return members;
    }
    throw fault(
      rows === 0
        ? "has no ids; write one a line"
        : `has no id of a user of this app; its first is ${JSON.stringify(unknownFirst[0] ?? "")}`,
    );
  });
  return { id: segmentId, name, rows, found, unknown, unknownFirst };
}

async function readIds(
  db: Database,
  { appKey, appId }: { appKey: number; appId: string },
  bytes: Readable,
): Promise<Found> {
  const found: Found = { rows: 0, keys: [], unknown: 0, unknownFirst: [] };
  let batch: string[] = [];
  const look = async () => {
    const asked = batch.map((id) => userKey(appId, id));
    const members = await findMembers(db, appKey, asked);
    for (const [index, id] of batch.entries()) {
      if (members.has(asked[index] ?? "")) continue;
      found.unknown++;
      if (found.unknownFirst.length < shownUnknown) found.unknownFirst.push(id);
    }
    found.keys.push([...new Set(members.values())]);
    batch = [];
  };
  let isFirst = true;
  for await (const id of readColumn(bytes)) {
    const isHeader = isFirst && headers.includes(id.toLowerCase());
    isFirst = false;
    if (isHeader) continue;
    found.rows++;
    if (found.rows > maxIds)
      throw fault(`has more than ${maxIds} ids; import them, which makes a list of any size`);
    batch.push(id);
    if (batch.length === batchSize) await look();
  }
  if (batch.length > 0) await look();
  return found;
}

const fault = (detail: string): Problem => validationProblem([{ pointer: "/file", detail }]);
