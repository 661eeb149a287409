import assert from "node:assert/strict";
import { test } from "node:test";
import { EmailBlock } from "../../../server/templates/email/schema.ts";
import { en } from "../../strings/en.ts";
import {
  type BlockOf,
  blockKinds,
  copied,
  inserted,
  moved,
  newBlock,
  withColumns,
  without,
} from "./blocks.ts";

let last = 0;
const newId = () => String(++last);

test("a new block of every kind is as the server wants it", () => {
  for (const kind of blockKinds) {
    const block = newBlock(kind, en, newId);
    assert.equal(block.kind, kind);
    assert.deepEqual(EmailBlock.parse(block), block);
  }
});

test("blocks move by one place, and stay where there is none", () => {
  const blocks = ["a", "b", "c"].map((id) => ({ id }));
  const ids = (list: { id: string }[]) => list.map(({ id }) => id).join("");
  assert.equal(ids(moved(blocks, "b", -1)), "bac");
  assert.equal(ids(moved(blocks, "b", 1)), "acb");
  assert.equal(ids(moved(blocks, "a", -1)), "abc");
  assert.equal(ids(moved(blocks, "c", 1)), "abc");
  assert.equal(ids(inserted(blocks, 1, { id: "x" })), "axbc");
  assert.equal(ids(without(blocks, "b")), "ac");
});

test("a copy shares no name with what it was copied from", () => {
  const columns = newBlock("columns", en, newId);
  columns.columns[0]?.blocks.push(newBlock("text", en, newId));
  const copy = copied(columns, newId);
  const ids = ({ id, columns: list }: BlockOf<"columns">) => [
    id,
    ...list.flatMap(({ blocks }) => blocks.map((block) => block.id)),
  ];
  assert.equal(new Set([...ids(columns), ...ids(copy)]).size, 4);
});

test("nothing is lost when a column goes", () => {
  const three = withColumns(newBlock("columns", en, newId), 3);
  for (const column of three.columns) column.blocks.push(newBlock("divider", en, newId));
  const two = withColumns(three, 2);
  assert.deepEqual(
    two.columns.map(({ blocks }) => blocks.length),
    [1, 2],
  );
});
