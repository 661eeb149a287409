import type { Fault } from "../../../server/lib/problem.ts";
import type { Target } from "../../api/segments.ts";
import { lineOf, locate } from "./locate.ts";

/** A fault with the line of the text it is about. */
export interface PlacedFault {
  line: number;
  /** What is meant, as a path into the filter; "" for the filter as a whole. */
  path: string;
  detail: string;
}

/** What the editor's text means: a filter to ask about, or why it is none. */
export interface TargetText {
  target: Target | null;
  /** A fault found here, without the server; null when the text is a filter. */
  fault: { kind: "not_json" | "not_object"; line: number } | null;
  /** Places the server's faults, whose pointers begin at the request's body. */
  place(faults: readonly Fault[]): PlacedFault[];
}

const prefix = "/target";

/** See {@link TargetText}. */
export function readTarget(text: string): TargetText {
  const { value, lines, brokenAt } = locate(text);
  const place = (faults: readonly Fault[]) =>
    faults.map(({ pointer, detail }) => {
      const inner = pointer.startsWith(prefix) ? pointer.slice(prefix.length) : pointer;
      const path = inner.slice(1).split("/").map(unescapePointer).join(" › ");
      return { line: lineOf(lines, inner), path, detail };
    });
  if (brokenAt !== null) return { target: null, fault: { kind: "not_json", line: brokenAt }, place };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { target: null, fault: { kind: "not_object", line: 1 }, place };
  }
  // An object of JSON has string keys and unknown values.
  return { target: value as Target, fault: null, place };
}

const unescapePointer = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");
