import type { FieldType } from "./fields.ts";

/** Operators of rules. The first lines are those of Chabok, the others ours. */
export const ruleOperators = [
  "equal_to",
  "not_equal",
  "lesser_than",
  "lesser_equals",
  "greater_than",
  "greater_equals",
  "include",
  "not_include",
  "before",
  "after",
  "within",
  "before_date",
  "on_or_before_date",
  "on_date",
  "after_date",
  "on_or_after_date",
  "exists",
  "not_exists",
  "between",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "matches",
  "not_matches",
  "near",
  "did",
  "did_not",
] as const;
export type RuleOperator = (typeof ruleOperators)[number];

const presence = ["exists", "not_exists"] as const;
const equality = ["equal_to", "not_equal", "include", "not_include"] as const;
const order = ["lesser_than", "lesser_equals", "greater_than", "greater_equals", "between"] as const;
const texts = ["contains", "not_contains", "starts_with", "ends_with", "matches", "not_matches"] as const;
const dates = ["before_date", "on_or_before_date", "on_date", "after_date", "on_or_after_date"] as const;
const times = ["before", "after", "within", ...dates] as const;

/** Which operators of rules a field takes, by its type, in the order in which they are offered. */
export const rulesByType: Record<FieldType, readonly RuleOperator[]> = {
  text: [...equality, ...texts, ...order, ...presence],
  version: [...equality, ...order, ...texts, ...presence],
  number: [...equality, ...order, ...presence],
  truth: ["equal_to", "not_equal", ...presence],
  moment: [...times, "between", ...presence],
  day: ["equal_to", "not_equal", ...times, "between", "include", "not_include", ...presence],
  time: [...equality, ...order, ...presence],
  tags: ["include", "not_include", "equal_to", "not_equal", ...texts, ...presence],
  list: ["include", "not_include", "equal_to", "not_equal", ...texts, ...order, ...presence],
  object: presence,
  place: ["near", ...presence],
  segment: ["include", "not_include", "equal_to", "not_equal"],
  import: ["include", "not_include", "equal_to", "not_equal"],
  message: ["include", "not_include", "equal_to", "not_equal", ...presence],
  channels: ["include", "not_include", "equal_to", "not_equal", ...presence],
  data: [...equality, ...order, ...texts, ...presence],
};

/** Operators of a `where` filter that a field takes, as LoopBack names them. */
export const whereByType: Record<FieldType, readonly string[]> = (() => {
  const equal = ["eq", "neq", "inq", "nin"];
  const ordered = [...equal, "gt", "gte", "lt", "lte", "between"];
  const patterns = ["like", "nlike", "ilike", "nilike", "regexp"];
  return {
    text: [...ordered, ...patterns, "exists"],
    version: [...ordered, ...patterns, "exists"],
    number: [...ordered, "exists"],
    truth: [...equal, "exists"],
    moment: [...ordered, "exists"],
    day: [...ordered, "exists"],
    time: [...ordered, "exists"],
    tags: [...equal, ...patterns, "exists"],
    list: [...ordered, ...patterns, "exists"],
    object: ["exists"],
    place: ["near", "exists"],
    segment: equal,
    import: equal,
    message: [...equal, "exists"],
    channels: [...equal, "exists"],
    data: [...ordered, ...patterns, "exists"],
  };
})();

/** What there is of every event, as `<event>.<stat>`. */
export const behaviourStats = {
  count: "number",
  first: "moment",
  last: "moment",
  lastValue: "data",
  sum: "number",
  avg: "number",
  min: "number",
  max: "number",
} as const satisfies Record<string, FieldType>;
export type BehaviourStat = keyof typeof behaviourStats;

export const isBehaviourStat = (name: string): name is BehaviourStat => Object.hasOwn(behaviourStats, name);
