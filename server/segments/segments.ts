import type { Sql } from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Queryable } from "../db/database.ts";
import { didYouMean } from "../lib/did-you-mean.ts";
import { nameKey } from "../lib/names.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { type Fault, Problem, validationProblem } from "../lib/problem.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import { readAttributeTypes } from "../users/attributes.ts";
import { compileCondition } from "./compile.ts";
import { attributesOf, type Condition } from "./condition.ts";
import { listSegmentsOfUser } from "./members.ts";
import { withSegmentIds } from "./mentions.ts";
import { objectIn, parseTarget, type SegmentMention } from "./parse.ts";
import {
  countInstallations,
  countSegment,
  countUsers,
  deleteSegment,
  findSegments,
  insertSegment,
  listDynamicSegments,
  listSegmentRows,
  matchingPairs,
  type SegmentRow,
  whichHold,
} from "./queries.ts";
import type { Segment, SegmentCount, SegmentDetail, SegmentQuery } from "./schema.ts";

/** A target of which everything it names has been found. */
export interface ResolvedTarget {
  /** To be kept: the filter as an object, with ids where it named segments, or the id of a segment. */
  target: unknown;
  /** The segments it speaks of, each once. */
  segments: { id: string; name: string }[];
  /** The types of the attributes it speaks of, to be kept as well: an attribute can go. */
  attributes: AttributeTypes;
  /** Over `users u` left-joined to `installations i`. */
  filter: Sql;
}

type AttributeTypes = Readonly<Record<string, AttributeType>>;

/**
 * Reads a target, or throws a validation problem with every fault in it. With the `types` that an earlier reading of it
 * came to, it is read the same once more.
 */
export async function resolveTarget(
  db: Queryable,
  appKey: number,
  target: unknown,
  types: AttributeTypes = {},
): Promise<ResolvedTarget> {
  const known = await readAttributeTypes(db, appKey);
  const attributes = new Map([...known, ...Object.entries(types)]);
  const parsed = parseTarget(target, attributes);
  if (!parsed.ok) throw validationProblem(parsed.faults);
  const read = typeof target === "string" ? (objectIn(target) ?? target) : target;
  if (parsed.mentions.length === 0) {
    return { target: read, segments: [], ...compiled(parsed.condition) };
  }
  const found = await findMentioned(db, appKey, parsed.mentions);
  const ids = new Map([...found].map(([pointer, { segmentId }]) => [pointer, segmentId]));
  const resolved = withSegmentIds(read, ids);
  const withIds = parseTarget(resolved, attributes);
  if (!withIds.ok) throw new Error("a target that was read is read again with ids for names");
  const segments = new Map([...found.values()].map(({ segmentId, name }) => [segmentId, name]));
  return {
    target: resolved,
    segments: [...segments].map(([id, name]) => ({ id, name })),
    ...compiled(await expand(db, appKey, withIds.condition, [...found.values()], attributes)),
  };
}

/**
 * The condition with those of the segments by filter that it speaks of. They are read as they are now; what one of them
 * says in turn was there before it, so there are no circles.
 */
async function expand(
  db: Queryable,
  appKey: number,
  condition: Condition,
  mentioned: readonly SegmentRow[],
  known: ReadonlyMap<string, AttributeType>,
): Promise<Condition> {
  const dynamic = new Map<string, Condition>();
  for (const { segmentId, kind, target, attributes } of mentioned) {
    if (kind === "dynamic")
      dynamic.set(segmentId, await conditionOf(db, appKey, { target, attributes }, known));
  }
  return dynamic.size === 0 ? condition : withConditions(condition, dynamic);
}

/** What a segment by filter says, segments within it included. */
async function conditionOf(
  db: Queryable,
  appKey: number,
  { target, attributes }: Pick<SegmentRow, "target" | "attributes">,
  known: ReadonlyMap<string, AttributeType>,
): Promise<Condition> {
  const types = new Map([...known, ...Object.entries(attributes)]);
  const parsed = parseTarget(target, types);
  if (!parsed.ok) throw new Error("a segment's filter is read again as it was when it was made");
  if (parsed.mentions.length === 0) return parsed.condition;
  const found = await findMentioned(db, appKey, parsed.mentions);
  return expand(db, appKey, parsed.condition, [...found.values()], known);
}

/** Puts the conditions of segments, by id, in the places where the segments are meant. */
function withConditions(condition: Condition, dynamic: ReadonlyMap<string, Condition>): Condition {
  if (condition.kind === "all" || condition.kind === "any") {
    return { ...condition, conditions: condition.conditions.map((inner) => withConditions(inner, dynamic)) };
  }
  if (condition.kind !== "member") return condition;
  const { negated } = condition;
  const lists = condition.segments.filter((id) => !dynamic.has(id));
  const filters = condition.segments.flatMap((id) => dynamic.get(id) ?? []);
  const conditions: Condition[] = [
    ...(lists.length > 0 ? [{ kind: "member" as const, segments: lists, negated }] : []),
    ...filters.map((filter): Condition => ({ kind: "matching", condition: filter, negated })),
  ];
  return { kind: negated ? "all" : "any", conditions };
}

const compiled = (condition: Condition): Pick<ResolvedTarget, "attributes" | "filter"> => ({
  attributes: Object.fromEntries(attributesOf(condition).map(({ attribute, type }) => [attribute, type])),
  filter: compileCondition(condition),
});

/** The segments that are meant, by the pointer of each mention. An id wins over a name that is written like one. */
async function findMentioned(
  db: Queryable,
  appKey: number,
  mentions: readonly SegmentMention[],
): Promise<Map<string, SegmentRow>> {
  const rows = await findSegments(db, appKey, {
    ids: mentions.map(({ segment }) => segment.toLowerCase()).filter((segment) => isUuid(segment)),
    nameKeys: mentions.map(({ segment }) => nameKey(segment)),
  });
  const byId = new Map(rows.map((row) => [row.segmentId, row]));
  const byName = new Map(rows.map((row) => [row.nameKey, row]));
  const found = new Map<string, SegmentRow>();
  const unknown: SegmentMention[] = [];
  for (const mention of mentions) {
    const row = byId.get(mention.segment.toLowerCase()) ?? byName.get(nameKey(mention.segment));
    if (row) found.set(mention.pointer, row);
    else unknown.push(mention);
  }
  if (unknown.length > 0) throw validationProblem(await unknownFaults(db, appKey, unknown));
  return found;
}

async function unknownFaults(
  db: Queryable,
  appKey: number,
  unknown: readonly SegmentMention[],
): Promise<Fault[]> {
  const known = await listSegmentRows(db, appKey, { search: "", before: null, limit: 1_000 });
  const names = known.map(({ name }) => name);
  return unknown.map(({ segment, pointer }) => {
    const written = JSON.stringify(segment.length > 80 ? `${segment.slice(0, 80)}…` : segment);
    const expected =
      pointer === "/target"
        ? 'a filter such as {"deviceType":"android"} ({} is everyone), or the name or id of a segment'
        : "the name or id of a segment";
    return {
      pointer,
      detail: `there is no segment ${written} in this app${didYouMean(segment, names)}; expected ${expected}`,
    };
  });
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

export async function countTarget(db: Queryable, appKey: number, target: unknown): Promise<SegmentCount> {
  const { filter } = await resolveTarget(db, appKey, target);
  return countSegment(db, appKey, filter);
}

export const countTargetInstallations = (
  db: Queryable,
  appKey: number,
  { filter }: ResolvedTarget,
): Promise<number> => countInstallations(db, appKey, filter);

/** A select of (user_key, installation_key) pairs in the target, for the sending engine to nest in its expansion. */
export const targetAudience = (appKey: number, { filter }: ResolvedTarget): Sql =>
  matchingPairs(appKey, filter);

/** Segments, newest first, narrowed to those with `search` in their name. */
export async function listSegments(
  db: Queryable,
  appKey: number,
  query: SegmentQuery,
): Promise<Page<Segment>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]));
  const rows = await listSegmentRows(db, appKey, {
    search: nameKey(query.search ?? ""),
    before: before?.[0] ?? null,
    limit: query.limit,
  });
  return toPage(rows.map(toSegment), query.limit, (segment) => [segment.id]);
}

export async function getSegment(db: Queryable, appKey: number, segmentId: string): Promise<SegmentDetail> {
  const row = await requireSegment(db, appKey, segmentId);
  return { ...toSegment(row), users: await countUsers(db, appKey, await membersOf(db, appKey, row)) };
}

async function requireSegment(db: Queryable, appKey: number, segmentId: string): Promise<SegmentRow> {
  const [row] = await findSegments(db, appKey, { ids: [segmentId], nameKeys: [] });
  if (!row) throw new Problem("not_found", `There is no segment ${segmentId} in this app.`);
  return row;
}

/** Saves a filter under a name. Whoever matches it at any moment is in it then. */
export async function createSegment(
  db: Queryable,
  caller: { appKey: number; name: string },
  { name, target }: { name: string; target: unknown },
): Promise<Segment> {
  const resolved = await resolveTarget(db, caller.appKey, target);
  const row: SegmentRow = {
    ...{ segmentId: uuidv7(), name, nameKey: nameKey(name), kind: "dynamic" },
    ...{ target: resolved.target, attributes: resolved.attributes },
    ...{ createdAt: new Date(), createdBy: caller.name },
  };
  const isNew = await insertSegment(db, { ...row, appKey: caller.appKey, createdBy: caller.name });
  if (isNew) return toSegment(row);
  throw new Problem("conflict", `There is a segment ${JSON.stringify(name)} already; choose another name.`, [
    { pointer: "/name", detail: "is the name of another segment" },
  ]);
}

/** Forgets a segment by filter that no other one speaks of. What was sent to it stays. */
export async function removeSegment(db: Queryable, appKey: number, segmentId: string): Promise<void> {
  const row = await requireSegment(db, appKey, segmentId);
  const named = `The segment ${JSON.stringify(row.name)}`;
  if (row.kind === "static")
    throw new Problem("conflict", `${named} is a list made by imports; undo those to take its members out.`);
  const users = await listDynamicSegments(db, appKey);
  const using = users.find(({ target }) => JSON.stringify(target).includes(`"${row.segmentId}"`));
  if (using)
    throw new Problem(
      "conflict",
      `${named} is a part of ${JSON.stringify(using.name)}; delete that one first.`,
    );
  await deleteSegment(db, appKey, segmentId);
}

/** Restricts `users u` to the members of a segment, named by name or id. Throws a validation problem at `pointer`. */
export async function usersOfSegment(db: Queryable, appKey: number, mention: SegmentMention): Promise<Sql> {
  const [row] = (await findMentioned(db, appKey, [mention])).values();
  if (!row) throw new Error("what is not found is a problem");
  return membersOf(db, appKey, row);
}

/** Restricts `users u` to who is in a segment. */
async function membersOf(db: Queryable, appKey: number, row: SegmentRow): Promise<Sql> {
  const member: Condition = { kind: "member", segments: [row.segmentId], negated: false };
  const known = row.kind === "dynamic" ? await readAttributeTypes(db, appKey) : new Map();
  return compileCondition(await expand(db, appKey, member, [row], known));
}

/** Segments that a user is in, by name. */
export async function segmentsOfUser(
  db: Queryable,
  appKey: number,
  userKey: string,
): Promise<{ id: string; name: string }[]> {
  const lists = await listSegmentsOfUser(db, appKey, userKey);
  const dynamic = await listDynamicSegments(db, appKey);
  const known = dynamic.length > 0 ? await readAttributeTypes(db, appKey) : new Map();
  const filters: Sql[] = [];
  for (const row of dynamic) filters.push(compileCondition(await conditionOf(db, appKey, row, known)));
  const hold = await whichHold(db, appKey, userKey, filters);
  const matching = dynamic
    .filter((_, index) => hold[index])
    .map(({ segmentId, name }) => ({ id: segmentId, name }));
  const keyed = [...lists, ...matching].map((segment) => ({ segment, key: nameKey(segment.name) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ segment }) => segment);
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

const toSegment = ({ segmentId, name, kind, target, createdAt, createdBy }: SegmentRow): Segment => ({
  id: segmentId,
  target: kind === "dynamic" ? target : null,
  ...{ name, kind, createdAt: createdAt.toISOString(), createdBy },
});
