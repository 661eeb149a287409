import { nameKey } from "../../../server/lib/names.ts";
import type { SegmentField, SegmentFields } from "../../../server/segments/schema.ts";
import type { Strings } from "../../strings/en.ts";
import { fieldWord } from "../../ui/audiencePhrases.ts";
import { type EventStat, eventStats, readStat, statName } from "../../ui/rules.ts";

/** What of an event a rule is about: that it happened, or what all of them add up to. */
export type Aspect = "event" | EventStat;

/** The field that a rule speaks of. */
export interface Found {
  field: SegmentField;
  /** The event's name where it is one; then `aspect` says what of it. */
  event: string | null;
  aspect: Aspect;
}

/** Key of a field in the picker: an event and an attribute may have the same name. */
export const keyOf = ({ group, name }: Pick<SegmentField, "group" | "name">): string =>
  `${group === "behaviour" ? "event" : "field"}:${name}`;

/** The field of a rule; null for none yet, and for a name that no longer means anything. */
export function findField(
  { data, eventFields }: SegmentFields,
  name: string,
  operator: string,
): Found | null {
  const isWindow = operator === "did" || operator === "did_not";
  const plain = data.find((field) => field.name === name && field.group !== "behaviour");
  if (plain !== undefined && !isWindow) return { field: plain, event: null, aspect: "event" };
  const event = data.find((field) => field.name === name && field.group === "behaviour");
  if (event !== undefined) return { field: event, event: name, aspect: "event" };
  const stat = readStat(name);
  const known = stat && data.find((field) => field.name === stat.event && field.group === "behaviour");
  const type = eventFields.find((field) => field.stat === stat?.stat);
  if (!known || !stat || !type) return null;
  return {
    field: { name, group: "behaviour", type: type.type, operators: type.operators },
    event: stat.event,
    aspect: stat.stat,
  };
}

/** What can be chosen of an event, the event itself first. */
export function aspectsOf({ eventFields }: SegmentFields): Aspect[] {
  const known = new Set(eventFields.map(({ stat }) => stat));
  return ["event", ...eventStats.filter((stat) => known.has(stat))];
}

/** The name by which a rule speaks of an aspect of an event. */
export const aspectName = (event: string, aspect: Aspect): string =>
  aspect === "event" ? event : statName(event, aspect);

/** A field in words, as it stands by itself. */
export function labelOf({ group, name }: Pick<SegmentField, "group" | "name">, strings: Strings): string {
  if (group === "attributes" || group === "behaviour") return name;
  // A name that is not known here has isolates around it, which a label needs none of.
  const word = fieldWord(name, strings).replace(/[\u2066-\u2069]/g, "");
  return word.charAt(0).toLocaleUpperCase("en") + word.slice(1);
}

/** What a search for the field may find it by: its words and the name it has in rules. */
export const searchKey = (field: SegmentField, strings: Strings): string =>
  nameKey(`${labelOf(field, strings)} ${field.name}`);
