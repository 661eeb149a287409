import { escapedPointer } from "../lib/pointer.ts";

/**
 * The target with ids in place of the names of segments: `ids` has the id for the JSON pointer of each mention. A name
 * can change while a message is still being sent; an id cannot.
 */
export function withSegmentIds(target: unknown, ids: ReadonlyMap<string, string>, pointer: string): unknown {
  const id = ids.get(pointer);
  if (id !== undefined) return id;
  if (Array.isArray(target))
    return target.map((item, index) => withSegmentIds(item, ids, `${pointer}/${index}`));
  if (typeof target !== "object" || target === null) return target;
  return Object.fromEntries(
    Object.entries(target).map(([name, value]) => [
      name,
      withSegmentIds(value, ids, `${pointer}/${escapedPointer(name)}`),
    ]),
  );
}

/** Every text of a kept filter: the ids of segments are among them. */
export function textsIn(filter: unknown): string[] {
  if (typeof filter === "string") return [filter];
  return typeof filter === "object" && filter !== null ? Object.values(filter).flatMap(textsIn) : [];
}
