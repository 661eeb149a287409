import type { Fault } from "../lib/problem.ts";
import type { Condition } from "./condition.ts";
import {
  isObject,
  type Part,
  Reader,
  type Reference,
  type SegmentMention,
  type Vocabulary,
} from "./reader.ts";
import { readRules } from "./rules.ts";
import { readWhere } from "./where.ts";

/** A filter as it comes: `target` is LoopBack's notation or the name of a segment, `segment` rules. */
export type Filter = { target: unknown } | { segment: unknown };

export type ParsedFilter =
  | {
      ok: true;
      condition: Condition;
      mentions: SegmentMention[];
      references: Reference[];
      parts: Part[];
      /** As PostgreSQL is to read them, which it may refuse. */
      patterns: { pattern: string; pointer: string }[];
    }
  | { ok: false; faults: Fault[] };

/**
 * Reads a filter as one {@link Condition}. A target may be the JSON text of an object; a text that is none is the name or
 * id of a segment. On failure every fault is answered (the first fifty), with its JSON pointer below `/target` or
 * `/segment`; whether segments, imports and messages exist is not known here.
 */
export function parseFilter(filter: Filter, vocabulary: Vocabulary): ParsedFilter {
  const reader = new Reader(vocabulary);
  const condition: Condition = { kind: "all", conditions: read(reader, filter) };
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  const { mentions, references, parts, patterns } = reader;
  return { ok: true, condition, mentions, references, parts, patterns };
}

function read(reader: Reader, filter: Filter): Condition[] {
  if ("segment" in filter) return readRules(reader, filter.segment, "/segment", 1);
  const { target } = filter;
  const where = typeof target === "string" ? (objectIn(target) ?? target) : target;
  return typeof where === "string"
    ? reader.comparison("segment", "eq", where, "/target")
    : readWhere(reader, where, "/target", 1);
}

/** The object that the text is the JSON of; null when it is not. */
export function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
