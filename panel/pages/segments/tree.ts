import type { Group, Match, Rule } from "../../ui/rules.ts";
import { isComplete } from "./values.ts";

/** A rule that is being written: it may lack its field or its value. */
export interface RuleNode extends Rule {
  id: string;
}

/** A group that is being written. */
export interface GroupNode {
  kind: "group";
  id: string;
  match: Match;
  items: TreeNode[];
}

export type TreeNode = GroupNode | RuleNode;

/** Groups in groups, the outermost included: more than that nobody can read. */
export const maxDepth = 4;

/** Gives everything an id, by which it is known however it moves. */
export function grow(item: Group, newId: () => string): GroupNode;
export function grow(item: Group | Rule, newId: () => string): TreeNode;
export function grow(item: Group | Rule, newId: () => string): TreeNode {
  if (item.kind === "rule") return { ...item, id: newId() };
  return { ...item, id: newId(), items: item.items.map((inner) => grow(inner, newId)) };
}

export const newGroup = (newId: () => string, match: Match = "all"): GroupNode => ({
  kind: "group",
  id: newId(),
  match,
  items: [],
});

export const newRule = (newId: () => string): RuleNode => ({
  kind: "rule",
  id: newId(),
  name: "",
  operator: "",
  value: undefined,
});

/** Puts what `change` makes of a node into its place; nothing takes it out. */
function withNode(group: GroupNode, id: string, change: (node: TreeNode) => TreeNode[]): GroupNode {
  const items = group.items.flatMap((item): TreeNode[] => {
    if (item.id === id) return change(item);
    return item.kind === "group" ? [withNode(item, id, change)] : [item];
  });
  return { ...group, items };
}

/** The tree with one rule as it is now. */
export const withRule = (root: GroupNode, rule: RuleNode): GroupNode => withNode(root, rule.id, () => [rule]);

/** The tree with a group's items going together in another way. */
export function withMatch(root: GroupNode, id: string, match: Match): GroupNode {
  if (root.id === id) return { ...root, match };
  return withNode(root, id, (node) => [node.kind === "group" ? { ...node, match } : node]);
}

/** The tree with one more item at the end of a group. */
export function withItem(root: GroupNode, groupId: string, item: TreeNode): GroupNode {
  const add = (group: GroupNode): GroupNode => ({ ...group, items: [...group.items, item] });
  if (root.id === groupId) return add(root);
  return withNode(root, groupId, (node) => [node.kind === "group" ? add(node) : node]);
}

export const without = (root: GroupNode, id: string): GroupNode => withNode(root, id, () => []);

/** The tree with a copy of a rule or group behind it. */
export const withCopy = (root: GroupNode, id: string, newId: () => string): GroupNode =>
  withNode(root, id, (node) => [node, grow(node, newId)]);

/** Rules as they are sent, and which node each of their pointers means. */
export interface Written {
  segment: Record<string, unknown>;
  /** JSON pointer within the request → id. */
  nodes: ReadonlyMap<string, string>;
  /** Ids of rules that lack something, and were left out. */
  unfinished: ReadonlySet<string>;
}

/** See {@link Written}. Groups without a rule are left out, too; nothing at all is everyone. */
export function write(root: GroupNode): Written {
  const nodes = new Map<string, string>();
  const unfinished = new Set<string>();
  const segment = writeGroup(root, "/segment");
  if (segment === null) nodes.set("/segment", root.id);
  return { segment: segment ?? { all: [] }, nodes, unfinished };

  function writeGroup(group: GroupNode, pointer: string): Record<string, unknown> | null {
    const isNegated = group.match === "none" || group.match === "notAll";
    const key = group.match === "any" || group.match === "none" ? "any" : "all";
    const inner = isNegated ? `${pointer}/not` : pointer;
    const items: unknown[] = [];
    for (const item of group.items) {
      const at = `${inner}/${key}/${items.length}`;
      const written = item.kind === "group" ? writeGroup(item, at) : writeRule(item, at);
      if (written !== null) items.push(written);
    }
    if (items.length === 0) return null;
    nodes.set(pointer, group.id);
    if (!isNegated) return { [key]: items };
    nodes.set(inner, group.id);
    return { not: { [key]: items } };
  }

  function writeRule(rule: RuleNode, pointer: string): unknown {
    if (!isComplete(rule)) {
      unfinished.add(rule.id);
      return null;
    }
    nodes.set(pointer, rule.id);
    const { name, operator, value } = rule;
    return value === undefined ? { name, operator } : { name, operator, value };
  }
}

/** The node that a pointer is about, or the nearest one around it. */
export function nodeAt({ nodes }: Pick<Written, "nodes">, pointer: string): string | undefined {
  for (let rest = pointer; rest !== ""; rest = rest.slice(0, rest.lastIndexOf("/"))) {
    const id = nodes.get(rest);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Whether a text or a stored value is a tree: what another version of the panel kept may not be one. */
export function isTree(value: unknown): value is GroupNode {
  if (typeof value !== "object" || value === null || !("id" in value) || !("kind" in value)) return false;
  if (value.kind === "rule") return "name" in value && typeof value.name === "string" && "operator" in value;
  return "items" in value && Array.isArray(value.items) && value.items.every(isTree);
}
