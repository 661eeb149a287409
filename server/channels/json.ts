import { storable } from "../lib/storable.ts";

// What services answer and report is believed member by member: each may be missing or something else.

export const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** The objects in a list; none where there is no list. */
export const objectsIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];

/** A text or a number as text; empty for what is neither. */
export const wordOf = (value: unknown): string =>
  typeof value === "string" || (typeof value === "number" && Number.isFinite(value))
    ? storable(String(value))
    : "";

/** The first of the values that is a text or a number. */
export const firstWord = (...values: readonly unknown[]): string =>
  values.map(wordOf).find((word) => word !== "") ?? "";

/** What a text is in JSON; undefined where it is none. */
export function parsedJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** The JSON object in a text; empty where there is none. */
export const objectIn = (text: string | null): Record<string, unknown> => asObject(parsedJson(text));
