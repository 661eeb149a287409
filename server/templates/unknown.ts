import { didYouMean } from "../lib/did-you-mean.ts";
import { deviceNames, eventFields } from "./variables.ts";

/** What variables of an app can have a value. */
export interface Vocabulary {
  attributes: readonly string[];
  events: readonly string[];
}

/** A variable that nobody has a value for, and what may have been meant. */
export interface UnknownVariable {
  path: string;
  detail: string;
}

const ownNames = ["userId", "email", "phone", "phone_no"];
const appNames = ["name", "timeZone"];
const roots = [
  ...["user", "device", "deviceType", "event", "now", "app", "promo_code"],
  ...["unsubscribe_url", "preferences_url"],
];

/** The variables of templates that nobody has a value for: there is no such attribute, event or field. Each once. */
export function unknownVariables(
  paths: readonly (readonly (string | number)[])[],
  { attributes, events }: Vocabulary,
): UnknownVariable[] {
  const names = [...ownNames, ...attributes];
  const known = new Set(names.flatMap((name) => [name, ...startsOf(name)]));
  const faultOf = (path: readonly (string | number)[]): string | null => {
    const [root = "", ...rest] = path.map(String);
    const [first, second] = rest;
    if (!roots.includes(root))
      return `There is no variable ${root}${didYouMean(root, [...roots, ...names])}; write user.${root} for an attribute.`;
    if (first === undefined) return null;
    if (root === "device")
      return deviceNames.includes(first)
        ? null
        : `Devices have no ${first}${didYouMean(first, deviceNames)}; they have ${deviceNames.join(", ")}.`;
    if (root === "app")
      return appNames.includes(first) ? null : ended(`The app has no ${first}${didYouMean(first, appNames)}`);
    if (root === "event") {
      if (!events.includes(first)) return ended(`Nobody has done ${first}${didYouMean(first, events)}`);
      return second === undefined || eventFields.includes(second)
        ? null
        : `Of an event there is no ${second}${didYouMean(second, eventFields)}; there are ${eventFields.join(", ")}.`;
    }
    const name = rest.join(".");
    if (root !== "user" || known.has(name) || known.has(first)) return null;
    return ended(`Nobody has a value for user.${name}${didYouMean(name, names)}`);
  };
  const faults = new Map<string, string>();
  for (const path of paths) {
    const detail = faultOf(path);
    if (detail !== null) faults.set(path.join("."), detail);
  }
  return [...faults].map(([path, detail]) => ({ path, detail }));
}

/** A question has its end already. */
const ended = (sentence: string): string => (sentence.endsWith("?") ? sentence : `${sentence}.`);

/** `office` of `office.no`: dotted names are groups too. */
const startsOf = (name: string): string[] => {
  const parts = name.split(".");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
};
