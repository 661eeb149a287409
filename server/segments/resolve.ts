import pg from "pg";
import type { Queryable } from "../db/database.ts";
import { didYouMean } from "../lib/did-you-mean.ts";
import { isUuid } from "../lib/keys.ts";
import { nameKey } from "../lib/names.ts";
import { type Fault, Problem, validationProblem } from "../lib/problem.ts";
import type { AttributeType } from "../users/attribute-types.ts";
import { attributesOf, type Condition, walk } from "./condition.ts";
import { withSegmentIds } from "./mentions.ts";
import { natureOf } from "./nature.ts";
import { type Filter, objectIn, parseFilter } from "./parse.ts";
import {
  findSegments,
  listKnownIds,
  listSegmentRows,
  readVocabulary,
  type SegmentRow,
  tryPatterns,
} from "./queries.ts";
import type { Part, Reference, SegmentMention, Vocabulary } from "./reader.ts";

/** A filter of which everything it names has been found. */
export interface ResolvedFilter {
  /** To be kept: with ids where it named segments, and a target that was text as its object. */
  filter: Filter;
  /** The segments it speaks of, each once. */
  segments: { id: string; name: string }[];
  /** Where it speaks of them. */
  mentions: { id: string; pointer: string }[];
  /** The types of the attributes it speaks of, to be kept as well: an attribute can go. */
  attributes: Record<string, AttributeType>;
  /** Everything in it, segments by filter included, as of now. */
  condition: Condition;
  /** Its rules and groups, each by itself. */
  parts: Part[];
}

/** More than this is nobody's intention: segments made of segments can grow without end. */
const maxConditions = 2_000;

/** Reads a filter, or throws a validation problem with every fault in it. */
export async function resolveFilter(db: Queryable, appKey: number, filter: Filter): Promise<ResolvedFilter> {
  const vocabulary = await loadVocabulary(db, appKey);
  const parsed = parseFilter(filter, vocabulary);
  if (!parsed.ok) throw validationProblem(parsed.faults);
  await checkPatterns(db, parsed.patterns);
  await checkReferences(db, appKey, parsed.references);
  const found = await findMentioned(db, appKey, parsed.mentions);
  const named = kept(filter, found);
  const withIds = found.size === 0 ? parsed : parseFilter(named, vocabulary);
  if (!withIds.ok) throw new Error("a filter that was read is read again with ids for names");
  const expansion = new Expansion(db, appKey, vocabulary);
  const mentioned = [...found.values()];
  const segments = new Map(mentioned.map(({ segmentId, name }) => [segmentId, name]));
  const condition = await expansion.expand(withIds.condition, mentioned);
  return {
    filter: named,
    segments: [...segments].map(([id, name]) => ({ id, name })),
    mentions: [...found].map(([pointer, { segmentId }]) => ({ id: segmentId, pointer })),
    attributes: Object.fromEntries(
      attributesOf(withIds.condition).map(({ attribute, type }) => [attribute, type]),
    ),
    condition,
    parts: withIds.parts.map((part) => ({ ...part, condition: expansion.replace(part.condition) })),
  };
}

/** The condition that a segment is now. */
export async function conditionOf(db: Queryable, appKey: number, row: SegmentRow): Promise<Condition> {
  const [condition] = await conditionsOf(db, appKey, [row]);
  return condition as Condition;
}

/** The conditions that segments are now, in their order. */
export async function conditionsOf(
  db: Queryable,
  appKey: number,
  rows: readonly SegmentRow[],
): Promise<Condition[]> {
  const expansion = new Expansion(db, appKey, await loadVocabulary(db, appKey));
  const conditions: Condition[] = [];
  for (const row of rows) {
    const member: Condition = { kind: "member", segments: [row.segmentId], negated: false };
    conditions.push(await expansion.expand(member, [row]));
  }
  return conditions;
}

async function loadVocabulary(db: Queryable, appKey: number): Promise<Vocabulary> {
  const { timeZone, attributes, fastAttributes, events } = await readVocabulary(db, appKey);
  return {
    ...{ timeZone, now: new Date(), isSaved: false },
    attributes: new Map(Object.entries(attributes)),
    fastAttributes: new Set(fastAttributes),
    events: new Set(events),
  };
}

/** The filter as it is kept. */
function kept(filter: Filter, found: ReadonlyMap<string, SegmentRow>): Filter {
  const ids = new Map([...found].map(([pointer, { segmentId }]) => [pointer, segmentId]));
  if ("segment" in filter)
    return { segment: withSegmentIds(filter.segment, ids, "/segment") as Record<string, unknown> };
  const { target } = filter;
  const read = typeof target === "string" ? (objectIn(target) ?? target) : target;
  return { target: withSegmentIds(read, ids, "/target") };
}

async function checkReferences(
  db: Queryable,
  appKey: number,
  references: readonly Reference[],
): Promise<void> {
  if (references.length === 0) return;
  const known = await listKnownIds(
    db,
    appKey,
    references.map(({ id }) => id),
  );
  const unknown = references.filter(({ id }) => !known.has(id.toLowerCase()));
  if (unknown.length > 0)
    throw validationProblem(
      unknown.map(({ to, id, pointer }) => ({
        pointer,
        detail: `there is no ${to} ${id} in this app; GET /api/${to}s lists what there is`,
      })),
    );
}

const invalidRegularExpression = "2201B";

async function checkPatterns(
  db: Queryable,
  patterns: readonly { pattern: string; pointer: string }[],
): Promise<void> {
  if (patterns.length === 0) return;
  try {
    await tryPatterns(
      db,
      patterns.map(({ pattern }) => pattern),
    );
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== invalidRegularExpression) throw error;
    const which = patterns.length === 1 ? "is" : "or another pattern of this filter is";
    const reason = error.message.replace(/^invalid regular expression: /, "");
    throw validationProblem(
      patterns.map(({ pointer }) => ({ pointer, detail: `${which} no pattern of PostgreSQL: ${reason}` })),
    );
  }
}

/**
 * Puts the conditions of segments by filter in the places where they are named, read as they are now. What one of them
 * says in turn goes along; that nobody made a circle is checked when they are changed.
 */
class Expansion {
  private readonly db: Queryable;
  private readonly appKey: number;
  private readonly vocabulary: Vocabulary;
  private readonly known = new Map<string, Condition>();

  constructor(db: Queryable, appKey: number, vocabulary: Vocabulary) {
    this.db = db;
    this.appKey = appKey;
    this.vocabulary = vocabulary;
  }

  /** Reads the segments that the condition names, and puts them in their places. */
  async expand(condition: Condition, mentioned: readonly SegmentRow[]): Promise<Condition> {
    for (const row of mentioned) if (row.kind === "dynamic") await this.read(row);
    const expanded = this.replace(condition);
    let conditions = 0;
    for (const _ of walk(expanded)) {
      conditions += 1;
      if (conditions > maxConditions)
        throw new Problem(
          "validation",
          `Its segments are made of more than ${maxConditions} conditions altogether; save a list (static) of one of them.`,
        );
    }
    return expanded;
  }

  private async read(row: SegmentRow): Promise<void> {
    if (this.known.has(row.segmentId)) return;
    const attributes = new Map([...this.vocabulary.attributes, ...Object.entries(row.attributes)]);
    const parsed = parseFilter(filterOfRow(row), { ...this.vocabulary, attributes, isSaved: true });
    if (!parsed.ok) throw validationProblem(parsed.faults.map((fault) => within(row, fault)));
    const found = await findMentioned(this.db, this.appKey, parsed.mentions);
    this.known.set(row.segmentId, await this.expand(parsed.condition, [...found.values()]));
  }

  /** The condition, or a part of it, with what has been read. */
  replace(condition: Condition): Condition {
    if (this.known.size === 0) return condition;
    switch (condition.kind) {
      case "all":
      case "any":
        return { ...condition, conditions: condition.conditions.map((inner) => this.replace(inner)) };
      case "not":
      case "matching":
        return { ...condition, condition: this.replace(condition.condition) };
      case "member":
        return this.replaceMember(condition);
      default:
        return condition;
    }
  }

  private replaceMember({ segments, negated }: Extract<Condition, { kind: "member" }>): Condition {
    const lists = segments.filter((id) => !this.known.has(id));
    const filters = segments.flatMap((id) => this.known.get(id) ?? []);
    const conditions: Condition[] = [
      ...(lists.length > 0 ? [{ kind: "member" as const, segments: lists, negated }] : []),
      ...filters.map((filter) => aboutTheUser(filter, negated)),
    ];
    const [only] = conditions;
    return conditions.length === 1 && only ? only : { kind: negated ? "all" : "any", conditions };
  }
}

/** A segment is about the person: who matches with one device is in it with all of them. */
function aboutTheUser(condition: Condition, negated: boolean): Condition {
  if (natureOf(condition).device) return { kind: "matching", condition, negated };
  return negated ? { kind: "not", condition } : condition;
}

/** What a segment was made of, and cannot be read any more: something it names is gone. */
const within = ({ name }: SegmentRow, { pointer, detail }: Fault): Fault => ({
  pointer,
  detail: `in the segment ${JSON.stringify(name)}: ${detail}`,
});

export function filterOfRow({ target, rules }: Pick<SegmentRow, "target" | "rules">): Filter {
  return rules === null ? { target } : { segment: rules };
}

/** The segments that are meant, by the pointer of each mention. An id wins over a name that is written like one. */
export async function findMentioned(
  db: Queryable,
  appKey: number,
  mentions: readonly SegmentMention[],
): Promise<Map<string, SegmentRow>> {
  if (mentions.length === 0) return new Map();
  const rows = await findSegments(db, appKey, {
    ids: mentions.map(({ segment }) => segment.toLowerCase()).filter(isUuid),
    nameKeys: mentions.map(({ segment }) => nameKey(segment)),
  });
  const found = new Map<string, SegmentRow>();
  const unknown: SegmentMention[] = [];
  for (const mention of mentions) {
    const row =
      rows.find(({ segmentId }) => segmentId === mention.segment.toLowerCase()) ??
      rows.find((candidate) => candidate.nameKey === nameKey(mention.segment));
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
  const page = { search: "", isPinned: false, before: null, limit: 1_000 };
  const names = (await listSegmentRows(db, appKey, page)).map(({ name }) => name);
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
