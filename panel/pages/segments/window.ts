import { isRecord, type Rule, readRules } from "../../ui/rules.ts";

/** When an event is to have happened. */
type When = "ever" | "past" | "days";

/** A condition on a value of the event: its own, or that of a key of its data. */
export type Condition = Omit<Rule, "kind">;

/** How often an event is to have happened, when, and with what; as the fields hold it, so parts may be missing. */
export interface Window {
  /** Null asks for once at least. */
  count: { operator: string; value: unknown } | null;
  when: When;
  within: string | undefined;
  from: string | undefined;
  to: string | undefined;
  match: "all" | "any";
  /** Null where they are more than a list, which only JSON can say. */
  conditions: Condition[] | null;
  /** What the conditions were read from. */
  where: unknown;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** The conditions of a plain list; null for groups in groups. */
function readConditions(where: unknown): Pick<Window, "match" | "conditions"> {
  if (where === undefined) return { match: "all", conditions: [] };
  const group = readRules(where);
  const conditions = group?.items.flatMap((item) =>
    item.kind === "rule" ? [{ name: item.name, operator: item.operator, value: item.value }] : [],
  );
  const isPlain = group?.match === "all" || group?.match === "any";
  if (!group || !isPlain || conditions?.length !== group.items.length)
    return { match: "all", conditions: null };
  return { match: group.match === "any" ? "any" : "all", conditions };
}

/** The value of `did` and `did_not` as fields. */
export function readWindow(value: unknown): Window {
  const { count, within, from, to, where } = isRecord(value) ? value : ({} as Record<string, unknown>);
  return {
    count: isRecord(count) ? { operator: String(count.operator), value: count.value } : null,
    when: within !== undefined ? "past" : from !== undefined || to !== undefined ? "days" : "ever",
    within: textOf(within),
    from: textOf(from),
    to: textOf(to),
    ...readConditions(where),
    where,
  };
}

/** Fields as the value of `did` and `did_not`; undefined where they ask for nothing but that it happened. */
export function writeWindow(window: Window): Record<string, unknown> | undefined {
  const { count, when, within, from, to, match, conditions, where } = window;
  const rules = conditions?.map(({ name, operator, value }) =>
    value === undefined ? { name, operator } : { name, operator, value },
  );
  const written = {
    ...(count === null ? {} : { count }),
    // A blank one is kept: the rule is not finished before it is filled.
    ...(when === "past" ? { within: within ?? "" } : {}),
    ...(when === "days" && from !== undefined ? { from } : {}),
    ...(when === "days" && to !== undefined ? { to } : {}),
    ...(rules === undefined ? (where === undefined ? {} : { where }) : {}),
    ...(rules !== undefined && rules.length > 0 ? { where: { [match]: rules } } : {}),
  };
  return Object.keys(written).length === 0 ? undefined : written;
}
