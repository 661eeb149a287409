import pg from "pg";
import sql, { type Sql } from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { type Actor, changeOf, record } from "../accounts/audit.ts";
import { prepareAnalysis } from "../db/analysis.ts";
import type { Database, Queryable, Transaction } from "../db/database.ts";
import { nameTakenSince, nothingToRestore } from "../lib/deleted-problems.ts";
import { keyAt, keySpace, positionOf } from "../lib/keys.ts";
import { nameKey } from "../lib/names.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { compileCondition } from "./compile.ts";
import type { Condition } from "./condition.ts";
import { countUsers, matchingPairs, matchingUsers, usersMatching } from "./count-queries.ts";
import { insertMembersMatching, listSegmentsOfUser } from "./members.ts";
import { textsIn } from "./mentions.ts";
import {
  deleteSegment,
  findDeleted,
  findSegments,
  insertSegment,
  listDynamicSegments,
  listSegmentRows,
  listSizes,
  lockSegments,
  type SegmentRow,
  undeleteSegment,
  updateSegment,
  whichHold,
} from "./queries.ts";
import type { SegmentMention } from "./reader.ts";
import { conditionOf, conditionsOf, filterOfRow, findMentioned, resolveFilter } from "./resolve.ts";
import {
  type CreateSegment,
  type EditSegment,
  filterOf,
  type Segment,
  type SegmentDetail,
  type SegmentGrowth,
  type SegmentQuery,
  type SegmentUse,
} from "./schema.ts";

/** As long as somebody waits for it. */
const sampleMs = 20_000;

/** What else uses a list at this moment, beside other segments: sends that are under way, imports that add to it. */
export type UsesOf = (db: Queryable, appKey: number, segmentId: string) => Promise<SegmentUse[]>;

/**
 * A select of (user_key, installation_key) pairs that match, for the sending engine to nest in its expansion; of users
 * with a key from `from` on and below `to`.
 */
export const audienceOf = (
  appKey: number,
  condition: Condition,
  range: { from?: string | null; to?: string | null } = {},
): Sql => matchingPairs(condition, { appKey, from: range.from, below: range.to });

/** The same of users, each once: a select of user_key. */
export const userAudienceOf = (
  appKey: number,
  condition: Condition,
  range: { from?: string | null; to?: string | null } = {},
): Sql => matchingUsers(condition, { appKey, from: range.from, below: range.to });

/** Keys of some of the users who match: any, since keys say nothing about them. */
export const listAudienceSample = (
  db: Database,
  appKey: number,
  condition: Condition,
  most: number,
): Promise<string[]> =>
  db.transaction(async (tx) => {
    await prepareAnalysis(tx, sampleMs);
    const { rows } = await tx.query<{ userKey: string }>(sql`
      select user_key as "userKey" from (${userAudienceOf(appKey, condition)}) as audience (user_key) limit ${most}`);
    return rows.map(({ userKey }) => userKey);
  });

/** Segments, newest first, narrowed to those with `search` in their name, or to pinned ones. */
export async function listSegments(
  db: Queryable,
  appKey: number,
  query: SegmentQuery,
): Promise<Page<Segment>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]));
  const rows = await listSegmentRows(db, appKey, {
    search: nameKey(query.search ?? ""),
    isPinned: query.pinned === "true",
    before: before?.[0] ?? null,
    limit: query.limit,
  });
  return toPage(rows.map(toSegment), query.limit, (segment) => [segment.id]);
}

export async function getSegment(
  db: Database,
  appKey: number,
  segmentId: string,
  usesOf: UsesOf,
): Promise<SegmentDetail> {
  const row = await requireSegment(db, appKey, segmentId);
  return { ...toSegment(row), usedBy: await usersOfThe(db, appKey, row, usesOf) };
}

/** How many users are in a segment now. */
export async function countSegment(db: Database, appKey: number, segmentId: string): Promise<number> {
  const condition = await conditionOf(db, appKey, await requireSegment(db, appKey, segmentId));
  return db.transaction(async (tx) => {
    await prepareAnalysis(tx);
    return countUsers(tx, condition, { appKey });
  });
}

export async function requireSegment(db: Queryable, appKey: number, segmentId: string): Promise<SegmentRow> {
  const [row] = await findSegments(db, appKey, { ids: [segmentId], nameKeys: [] });
  if (!row) throw new Problem("not_found", `There is no segment ${segmentId} in this app.`);
  return row;
}

/** Saves a filter under a name: whoever matches it at any moment is in it then. Of a static one those who match now. */
export async function createSegment(db: Database, caller: Actor, request: CreateSegment): Promise<Segment> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    await lockSegments(tx, appKey);
    const resolved = await resolveFilter(tx, appKey, filterOf(request));
    const isStatic = request.kind === "static";
    const row: SegmentRow = {
      ...{ segmentId: uuidv7(), name: request.name, nameKey: nameKey(request.name), kind: request.kind },
      ...(isStatic ? noFilter : columnsOf(resolved)),
      ...{ isPinned: false, createdAt: new Date(), createdBy: caller.name },
    };
    if (!(await insertSegment(tx, { ...row, appKey }))) throw nameTaken(request.name);
    if (isStatic) {
      await prepareAnalysis(tx);
      const users = usersMatching(resolved.condition, { appKey });
      await insertMembersMatching(tx, { appKey, segmentId: row.segmentId, users });
    }
    await record(tx, caller, "segment.created", row.segmentId, { before: null, after: audited(row) });
    return toSegment(row);
  });
}

export const noFilter = { target: null, rules: null, attributes: {} };

const columnsOf = ({ filter, attributes }: Awaited<ReturnType<typeof resolveFilter>>) => ({
  target: "target" in filter ? filter.target : null,
  rules: "segment" in filter ? filter.segment : null,
  attributes,
});

export const nameTaken = (name: string) =>
  new Problem("conflict", `There is a segment ${JSON.stringify(name)} already; choose another name.`, [
    { pointer: "/name", detail: "is the name of another segment" },
  ]);

/** Renames, pins, or changes the filter of a segment. What is being sent keeps the filter it began with. */
export async function editSegment(
  db: Database,
  caller: Actor,
  segmentId: string,
  request: EditSegment,
): Promise<Segment> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    await lockSegments(tx, appKey);
    const row = await requireSegment(tx, appKey, segmentId);
    const name = request.name ?? row.name;
    const edited: SegmentRow = {
      ...row,
      ...{ name, nameKey: nameKey(name), isPinned: request.isPinned ?? row.isPinned },
      ...(await editedFilter(tx, appKey, row, request)),
    };
    await unlessTaken(updateSegment(tx, appKey, edited), () => nameTaken(name));
    const change = changeOf(audited(row), audited(edited));
    if (change) await record(tx, caller, "segment.changed", segmentId, { name, ...change });
    return toSegment(edited);
  });
}

const uniqueViolation = "23505";

/** Waits for a statement that gives a segment its name; throws the problem where another has that. */
const unlessTaken = (statement: Promise<void>, problem: () => Problem): Promise<void> =>
  statement.catch((error) => {
    throw error instanceof pg.DatabaseError && error.code === uniqueViolation ? problem() : error;
  });

async function editedFilter(tx: Transaction, appKey: number, row: SegmentRow, request: EditSegment) {
  if (request.target === undefined && request.segment === undefined) return {};
  if (row.kind === "static")
    throw new Problem(
      "conflict",
      `The segment ${JSON.stringify(row.name)} is a list and has no filter; save the filter as another segment.`,
    );
  const resolved = await resolveFilter(tx, appKey, filterOf(request));
  await refuseCircle(tx, appKey, row, resolved.mentions);
  return columnsOf(resolved);
}

/** A segment must not be made of itself, by whichever way around. */
async function refuseCircle(
  tx: Transaction,
  appKey: number,
  row: SegmentRow,
  mentions: readonly { id: string; pointer: string }[],
): Promise<void> {
  const rows = await listDynamicSegments(tx, appKey);
  const byId = new Map(rows.map((each) => [each.segmentId, each]));
  const seen = new Set<string>();
  const wayFrom = (id: string): string[] | null => {
    if (id === row.segmentId) return [row.name];
    const from = byId.get(id);
    if (!from || seen.has(id)) return null;
    seen.add(id);
    for (const text of textsIn(filterOfRow(from))) {
      const way = wayFrom(text);
      if (way) return [from.name, ...way];
    }
    return null;
  };
  for (const { id, pointer } of mentions) {
    const way = wayFrom(id);
    if (way)
      throw validationProblem([
        { pointer, detail: `makes the segment a part of itself: ${[row.name, ...way].join(" → ")}` },
      ]);
  }
}

/** A segment like this one, under a name of its own: the same filter, or the same members. */
export async function duplicateSegment(
  db: Database,
  caller: Actor,
  segmentId: string,
  name: string | undefined,
): Promise<Segment> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    await lockSegments(tx, appKey);
    const row = await requireSegment(tx, appKey, segmentId);
    const copyName = name ?? (await freeName(tx, appKey, row.name));
    const copy: SegmentRow = {
      ...{ ...row, segmentId: uuidv7(), name: copyName, nameKey: nameKey(copyName), isPinned: false },
      ...{ createdAt: new Date(), createdBy: caller.name },
    };
    if (!(await insertSegment(tx, { ...copy, appKey }))) throw nameTaken(copyName);
    if (row.kind === "static") {
      const users = usersMatching(await conditionOf(tx, appKey, row), { appKey });
      await insertMembersMatching(tx, { appKey, segmentId: copy.segmentId, users });
    }
    await record(tx, caller, "segment.created", copy.segmentId, { before: null, after: audited(copy) });
    return toSegment(copy);
  });
}

/** The name, or where a segment has it, the same with a number. */
export async function unusedName(db: Queryable, appKey: number, name: string): Promise<string> {
  const taken = await findSegments(db, appKey, { ids: [], nameKeys: [nameKey(name)] });
  return taken.length === 0 ? name : freeName(db, appKey, name);
}

/** `Gold 2`, or the next number that no segment has. */
async function freeName(tx: Queryable, appKey: number, name: string): Promise<string> {
  const base = name.replace(/ \d+$/, "").slice(0, 120);
  const candidates = Array.from({ length: 1_000 }, (_, index) => `${base} ${index + 2}`);
  const taken = await findSegments(tx, appKey, { ids: [], nameKeys: candidates.map(nameKey) });
  const keys = new Set(taken.map((row) => row.nameKey));
  return candidates.find((candidate) => !keys.has(nameKey(candidate))) ?? `${base} ${uuidv7()}`;
}

/** Forgets a segment that nothing uses. What was sent to it stays, and so do the users of a list. */
export async function removeSegment(
  db: Database,
  caller: Actor,
  segmentId: string,
  usesOf: UsesOf,
): Promise<void> {
  const { appKey } = caller;
  await db.transaction(async (tx) => {
    await lockSegments(tx, appKey);
    const row = await requireSegment(tx, appKey, segmentId);
    const uses = await usersOfThe(tx, appKey, row, usesOf);
    if (uses.length > 0)
      throw new Problem(
        "conflict",
        `The segment ${JSON.stringify(row.name)} is a part of ${uses.map((use) => JSON.stringify(use.name)).join(", ")}; ` +
          `${uses.length === 1 ? "delete that one" : "delete those"} first, or wait until it has ended.`,
        uses.map(({ kind, id, name }) => ({ pointer: "", detail: `${kind} ${id}: ${name}` })),
      );
    await deleteSegment(tx, appKey, segmentId, new Date());
    await record(tx, caller, "segment.deleted", segmentId, { before: audited(row), after: null });
  });
}

/** Brings back a segment that was deleted lately, with whoever was in it; refused where its name is another's by now. */
export async function restoreSegment(db: Database, caller: Actor, segmentId: string): Promise<Segment> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    await lockSegments(tx, appKey);
    const row = await findDeleted(tx, appKey, segmentId);
    if (!row) throw nothingToRestore("segment", segmentId);
    await checkParts(tx, appKey, row);
    await unlessTaken(undeleteSegment(tx, appKey, segmentId), () => nameTakenSince("segment", row.name));
    await record(tx, caller, "segment.restored", segmentId, { before: null, after: audited(row) });
    return toSegment(row);
  });
}

/** Of what a deleted segment is made of, too, something may be gone by now. */
async function checkParts(db: Queryable, appKey: number, row: SegmentRow): Promise<void> {
  try {
    await conditionOf(db, appKey, row);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(
      "conflict",
      `What ${JSON.stringify(row.name)} is made of is gone by now; bring that back first: ${error.message}`,
    );
  }
}

async function usersOfThe(
  db: Queryable,
  appKey: number,
  { segmentId, kind }: SegmentRow,
  usesOf: UsesOf,
): Promise<SegmentUse[]> {
  const rows = await listDynamicSegments(db, appKey);
  const segments = rows
    .filter((row) => textsIn(filterOfRow(row)).includes(segmentId))
    .map(({ segmentId: id, name }): SegmentUse => ({ kind: "segment", id, name }));
  // What is sent to a filter has the filter; only lists are looked at while it goes on.
  return kind === "dynamic" ? segments : [...segments, ...(await usesOf(db, appKey, segmentId))];
}

/** How many users a segment had, day by day, since it was made. */
export async function readGrowth(db: Queryable, appKey: number, segmentId: string): Promise<SegmentGrowth> {
  await requireSegment(db, appKey, segmentId);
  return { data: await listSizes(db, segmentId) };
}

/** Restricts `users u` to the members of a segment, named by name or id. Throws a validation problem at `pointer`. */
export async function usersOfSegment(db: Queryable, appKey: number, mention: SegmentMention): Promise<Sql> {
  const [row] = (await findMentioned(db, appKey, [mention])).values();
  if (!row) throw new Error("what is not found is a problem");
  return usersMatching(await conditionOf(db, appKey, row), { appKey });
}

/** Segments that a user is in, by name. */
export async function segmentsOfUser(
  db: Queryable,
  appKey: number,
  userKey: string,
): Promise<{ id: string; name: string }[]> {
  const lists = await listSegmentsOfUser(db, appKey, userKey);
  const dynamic = await listDynamicSegments(db, appKey);
  // The one user is a range of keys, said to every table.
  const scope = { appKey, from: userKey, below: successor(userKey) };
  const filters = (await conditionsOf(db, appKey, dynamic)).map((condition) =>
    compileCondition(condition, scope),
  );
  const hold = await whichHold(db, appKey, userKey, filters);
  const matching = dynamic
    .filter((_, index) => hold[index])
    .map(({ segmentId, name }) => ({ id: segmentId, name }));
  const keyed = [...lists, ...matching].map((segment) => ({ segment, key: nameKey(segment.name) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ segment }) => segment);
}

/** The next key, null after the last one. */
function successor(key: string): string | null {
  const next = positionOf(key) + 1n;
  return next < keySpace ? keyAt(next) : null;
}

/** Which segments speak of each attribute, by its name. */
export async function segmentsByAttribute(
  db: Queryable,
  appKey: number,
): Promise<Map<string, { id: string; name: string }[]>> {
  const uses = new Map<string, { id: string; name: string }[]>();
  for (const { segmentId, name, attributes } of await listDynamicSegments(db, appKey)) {
    for (const attribute of Object.keys(attributes)) {
      uses.set(attribute, [...(uses.get(attribute) ?? []), { id: segmentId, name }]);
    }
  }
  return uses;
}

const audited = ({ name, kind, target, rules, isPinned }: SegmentRow) => ({
  ...{ name, kind, target, segment: rules, isPinned },
});

const toSegment = ({ segmentId, createdAt, rules, ...row }: SegmentRow): Segment => ({
  ...{ id: segmentId, name: row.name, kind: row.kind, target: row.target, segment: rules },
  ...{ isPinned: row.isPinned, createdAt: createdAt.toISOString(), createdBy: row.createdBy },
});
