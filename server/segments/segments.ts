import type { Sql } from "sql-template-tag";
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
import { withSegmentIds } from "./mentions.ts";
import { objectIn, parseTarget, type SegmentMention } from "./parse.ts";
import {
  countInstallations,
  countSegment,
  countUsers,
  findSegments,
  listSegmentRows,
  matchingPairs,
  type SegmentRow,
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
    ...compiled(withIds.condition),
  };
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
  const [row] = await findSegments(db, appKey, { ids: [segmentId], nameKeys: [] });
  if (!row) throw new Problem("not_found", `There is no segment ${segmentId} in this app.`);
  return { ...toSegment(row), users: await countUsers(db, appKey, usersOfSegments([row.segmentId])) };
}

/** Restricts `users u` to the members of a segment, named by name or id. Throws a validation problem at `pointer`. */
export async function usersOfSegment(db: Queryable, appKey: number, mention: SegmentMention): Promise<Sql> {
  const found = await findMentioned(db, appKey, [mention]);
  return usersOfSegments([...found.values()].map(({ segmentId }) => segmentId));
}

const usersOfSegments = (segments: string[]): Sql =>
  compileCondition({ kind: "member", segments, negated: false });

const toSegment = ({ segmentId, name, kind, createdAt, createdBy }: SegmentRow): Segment => ({
  id: segmentId,
  ...{ name, kind, createdAt: createdAt.toISOString(), createdBy },
});
