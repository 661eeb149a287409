import type { Fault } from "../../../server/lib/problem.ts";
import { asFilter, type Filter } from "../../api/segments.ts";
import { isRecord } from "../../ui/rules.ts";
import { lineOf, locate } from "./locate.ts";

/** A fault with the line of the text it is about. */
export interface PlacedFault {
  line: number;
  /** What is meant, as a path into the filter; "" for the filter as a whole. */
  path: string;
  detail: string;
}

/** What the editor's text means: a filter to ask about, or why it is none. */
export interface FilterText {
  filter: Filter | null;
  /** A fault found here, without the server; null when the text is a filter. */
  fault: { kind: "not_json" | "not_object"; line: number } | null;
  /** Places the server's faults, whose pointers begin at the request's body. */
  place(faults: readonly Fault[]): PlacedFault[];
}

/** The member of the body that the filter stands in. */
const prefix = /^\/(target|segment)(?=\/|$)/;

/** See {@link FilterText}. */
export function readFilter(text: string): FilterText {
  const { value, lines, brokenAt } = locate(text);
  const place = (faults: readonly Fault[]) =>
    faults.map(({ pointer, detail }) => {
      const inner = pointer.replace(prefix, "");
      const path = inner.slice(1).split("/").map(unescapePointer).join(" › ");
      return { line: lineOf(lines, inner), path, detail };
    });
  if (brokenAt !== null) return { filter: null, fault: { kind: "not_json", line: brokenAt }, place };
  if (!isRecord(value)) return { filter: null, fault: { kind: "not_object", line: 1 }, place };
  return { filter: asFilter(value), fault: null, place };
}

const unescapePointer = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");
