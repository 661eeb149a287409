import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Group, type Match, matches, type Rule, readRules } from "../../ui/rules.ts";
import {
  type GroupNode,
  grow,
  newGroup,
  newRule,
  nodeAt,
  withCopy,
  withItem,
  withMatch,
  without,
  withRule,
  write,
} from "./tree.ts";

/** Ids that can be foretold: n1, n2 … */
function counter() {
  let last = 0;
  return () => {
    last += 1;
    return `n${last}`;
  };
}

const rule = (name: string): Rule => ({ kind: "rule", name, operator: "equal_to", value: 1 });
const group = (match: Match, ...items: (Group | Rule)[]): Group => ({ kind: "group", match, items });
const written = (name: string) => ({ name, operator: "equal_to", value: 1 });

/** n1 all: n2 a, n3 any: n4 b, n5 c */
const tree = () => grow(group("all", rule("a"), group("any", rule("b"), rule("c"))), counter());
const rulesOf = (root: GroupNode) => write(root).segment;

test("rules and groups are added, changed, copied and removed wherever they stand", () => {
  const newId = counter();
  const root = tree();
  assert.deepEqual(rulesOf(without(root, "n4")), { all: [written("a"), { any: [written("c")] }] });
  assert.deepEqual(rulesOf(without(root, "n3")), { all: [written("a")] });
  assert.deepEqual(rulesOf(withMatch(root, "n3", "none")), {
    all: [written("a"), { not: { any: [written("b"), written("c")] } }],
  });
  assert.deepEqual(rulesOf(withMatch(root, "n1", "notAll")), {
    not: { all: [written("a"), { any: [written("b"), written("c")] }] },
  });
  assert.deepEqual(rulesOf(withRule(root, { ...rule("z"), id: "n5" })), {
    all: [written("a"), { any: [written("b"), written("z")] }],
  });
  assert.deepEqual(rulesOf(withItem(root, "n3", { ...rule("d"), id: "new" })), {
    all: [written("a"), { any: [written("b"), written("c"), written("d")] }],
  });
  const doubled = withCopy(root, "n3", newId);
  const inner = { any: [written("b"), written("c")] };
  assert.deepEqual(rulesOf(doubled), { all: [written("a"), inner, inner] });
});

test("a copy has ids of its own", () => {
  const newId = () => "copy";
  const [, , copy] = withCopy(tree(), "n3", newId).items;
  assert.deepEqual(copy?.kind === "group" && [copy.id, ...copy.items.map(({ id }) => id)], [
    "copy",
    "copy",
    "copy",
  ]);
});

test("what is not finished is left out and known", () => {
  const newId = counter();
  const root = withItem(tree(), "n3", newRule(newId));
  const { segment, unfinished } = write(root);
  assert.deepEqual(segment, { all: [written("a"), { any: [written("b"), written("c")] }] });
  assert.equal(unfinished.size, 1);
});

test("nothing at all is everyone, whatever the group asks", () => {
  for (const match of matches) {
    const root = newGroup(counter(), match);
    assert.deepEqual(rulesOf(withItem(root, root.id, newGroup(counter(), "any"))), { all: [] });
  }
});

test("pointers of the server find their rule, or what is around them", () => {
  const root = grow(group("none", rule("a"), group("all", rule("b"))), counter());
  const where = write(root);
  const cases = [
    ["/segment", "n1"],
    ["/segment/not", "n1"],
    ["/segment/not/any/0", "n2"],
    ["/segment/not/any/0/value", "n2"],
    ["/segment/not/any/1", "n3"],
    ["/segment/not/any/1/all/0/value/count", "n4"],
    ["/segment/not/any/9", "n1"],
    ["/name", undefined],
  ] as const;
  for (const [pointer, id] of cases) assert.equal(nodeAt(where, pointer), id, pointer);
});

test("what was left out does not shift the pointers of what stays", () => {
  const root = without(withItem(tree(), "n1", newRule(counter())), "n2");
  assert.equal(nodeAt(write(root), "/segment/all/0/any/1"), "n5");
});

test("whatever is written is read as it was", () => {
  const plain = { noNullPrototype: true };
  const leaf = fc.record(
    {
      kind: fc.constant("rule" as const),
      name: fc.string({ minLength: 1 }),
      operator: fc.constantFrom("equal_to", "contains"),
      value: fc.string({ minLength: 1 }),
    },
    plain,
  );
  const { tree: groups } = fc.letrec<{ tree: Group }>((tie) => ({
    tree: fc.record(
      {
        kind: fc.constant("group" as const),
        match: fc.constantFrom(...matches),
        items: fc.array(fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("tree")), {
          minLength: 1,
          maxLength: 3,
        }) as fc.Arbitrary<(Group | Rule)[]>,
      },
      plain,
    ),
  }));
  fc.assert(
    fc.property(groups, (item) => {
      assert.deepEqual(readRules(write(grow(item, counter())).segment), item);
    }),
  );
});
