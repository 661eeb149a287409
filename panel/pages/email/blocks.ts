import type { EmailBlock } from "../../../server/templates/email/schema.ts";
import type { Strings } from "../../strings/en.ts";

export type BlockKind = EmailBlock["kind"];
/** A block that may stand in a column, too. */
export type SimpleBlock = Exclude<EmailBlock, { kind: "columns" | "footer" }>;
export type BlockOf<K extends BlockKind> = Extract<EmailBlock, { kind: K }>;

/** In the order the menu offers them. */
export const simpleKinds = ["heading", "text", "button", "image", "divider", "spacer"] as const;
export const blockKinds = [...simpleKinds, "columns", "footer"] as const;

/** Most that the server takes, in an e-mail and in a column. */
export const mostBlocks = { email: 100, column: 20 } as const;

/** A block as it stands when somebody has just added it. */
export function newBlock<K extends BlockKind>(kind: K, strings: Strings, newId: () => string): BlockOf<K> {
  const { fresh, starter } = strings.email.design;
  const id = newId();
  const blocks: { [Kind in BlockKind]: BlockOf<Kind> } = {
    heading: { id, kind: "heading", align: "start", text: fresh.heading, level: 2 },
    text: { id, kind: "text", align: "start", html: fresh.text },
    button: { id, kind: "button", align: "start", label: fresh.button, url: "" },
    image: { id, kind: "image", align: "center", src: "", alt: "", width: 100 },
    divider: { id, kind: "divider" },
    spacer: { id, kind: "spacer", height: 24 },
    columns: { id, kind: "columns", columns: [{ blocks: [] }, { blocks: [] }] },
    footer: {
      ...{ id, kind: "footer", align: "center", html: starter.footer },
      unsubscribe: starter.unsubscribe,
      preferences: starter.preferences,
    },
  };
  return blocks[kind];
}

/** With the block before the one at `index`, or at the end. */
export const inserted = <B>(blocks: readonly B[], index: number, block: B): B[] => [
  ...blocks.slice(0, index),
  block,
  ...blocks.slice(index),
];

export const without = <B extends { id: string }>(blocks: readonly B[], id: string): B[] =>
  blocks.filter((block) => block.id !== id);

export const replaced = <B extends { id: string }>(blocks: readonly B[], block: B): B[] =>
  blocks.map((old) => (old.id === block.id ? block : old));

/** With a block one place up or down; as they were where there is no such place. */
export function moved<B extends { id: string }>(blocks: readonly B[], id: string, by: -1 | 1): B[] {
  const from = blocks.findIndex((block) => block.id === id);
  const to = from + by;
  const block = blocks[from];
  if (block === undefined || to < 0 || to >= blocks.length) return [...blocks];
  return inserted(without(blocks, id), to, block);
}

/** The same block once more: it and all in it under names of their own. */
export function copied<B extends EmailBlock>(block: B, newId: () => string): B {
  const copy = structuredClone(block);
  copy.id = newId();
  if (copy.kind === "columns")
    for (const column of copy.columns) for (const inner of column.blocks) inner.id = newId();
  return copy;
}

/** With as many columns as asked for; what stood in one that goes is put below what stands in the last. */
export function withColumns(block: BlockOf<"columns">, count: 2 | 3): BlockOf<"columns"> {
  const kept = block.columns.slice(0, count);
  const gone = block.columns.slice(count).flatMap(({ blocks }) => blocks);
  while (kept.length < count) kept.push({ blocks: [] });
  const columns = kept.map((column, index) =>
    index === count - 1 ? { blocks: [...column.blocks, ...gone] } : column,
  );
  return { ...block, columns };
}

/** Whether a block may stand in a column. */
export const isSimple = (block: EmailBlock): block is SimpleBlock =>
  block.kind !== "columns" && block.kind !== "footer";
