import { asFilter, type Filter } from "../../api/segments.ts";
import { isRules, readRules } from "../../ui/rules.ts";
import { canonicalGroup } from "./canonical.ts";
import { locate } from "./locate.ts";
import { type GroupNode, grow, isTree, newGroup, write } from "./tree.ts";

/** A filter that is being written: as rules to click together, or as JSON. */
export interface Draft {
  view: "rules" | "json";
  /** What the rules view shows; as it was last there while JSON is shown. */
  root: GroupNode;
  /** What the JSON view shows. */
  text: string;
  /** It was put here to begin with, and nobody has worked on it yet. */
  isPreset?: boolean;
}

const textOf = (filter: Filter): string => JSON.stringify(tidy(filter.segment ?? filter.target), null, 2);

/** A filter as rules, where it is written in rules; `{}` is everyone in both notations. */
function rootOf(filter: unknown, newId: () => string): GroupNode | null {
  const group = readRules(filter);
  const canonical = group && canonicalGroup(group);
  if (canonical !== null) return grow(canonical, newId);
  const isEveryone = typeof filter === "object" && filter !== null && Object.keys(filter).length === 0;
  return isEveryone ? newGroup(newId) : null;
}

/** A draft of the filter, in the view that can show it. */
export function draftOf(filter: Filter, newId: () => string): Draft {
  const root = rootOf(filter.segment ?? filter.target, newId);
  return { view: root === null ? "json" : "rules", root: root ?? newGroup(newId), text: textOf(filter) };
}

/** A filter to be read: the database gives its members back in an order of its own. */
export function tidy(filter: unknown): unknown {
  const root = isRules(filter) ? rootOf(filter, () => "") : null;
  return root === null ? filter : write(root).segment;
}

/** The same filter as JSON. */
export const asJson = (draft: Draft): Draft => ({
  ...draft,
  view: "json",
  text: JSON.stringify(write(draft.root).segment, null, 2),
});

/** The same filter as rules; null when the JSON is none, or has something that rules cannot show. */
export function asRules(draft: Draft, newId: () => string): Draft | null {
  // Nothing was written there: what is not finished is not in the JSON, but still in the rules.
  if (draft.text === asJson(draft).text) return { ...draft, view: "rules" };
  const root = rootOf(locate(draft.text).value, newId);
  return root === null ? null : { ...draft, view: "rules", root };
}

/** The filter of a draft, whatever is wrong with it; null for JSON that is none. */
export function filterOfDraft(draft: Draft): Filter | null {
  if (draft.view === "rules") return { segment: write(draft.root).segment };
  const { value } = locate(draft.text);
  return typeof value === "object" && value !== null ? asFilter(value as Record<string, unknown>) : null;
}

/** A draft as it is kept while the tab is open; null for what is none. */
export function readDraft(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const { view, root, text: written, isPreset = false } = value as Partial<Draft>;
    const isDraft = (view === "rules" || view === "json") && isTree(root) && typeof written === "string";
    return isDraft ? { view, root, text: written, isPreset } : null;
  } catch {
    return null;
  }
}
