import { isRecord } from "../../ui/rules.ts";

const placeholder = "$event";

/** Rules of a preset for one event: its name in the place of `$event`, as a name or as the first part of one. */
export function withEvent(rules: unknown, event: string): unknown {
  if (Array.isArray(rules)) return rules.map((item) => withEvent(item, event));
  if (!isRecord(rules)) return rules;
  return Object.fromEntries(
    Object.entries(rules).map(([key, value]) => [
      key,
      key === "name" && typeof value === "string" ? nameWith(value, event) : withEvent(value, event),
    ]),
  );
}

function nameWith(name: string, event: string): string {
  if (name === placeholder) return event;
  if (!name.startsWith(`${placeholder}.`)) return name;
  // A dot within the name of an event is written with a backslash before it.
  return `${event.replaceAll(".", "\\.")}${name.slice(placeholder.length)}`;
}
