import type { Template } from "../lib/liquid.ts";

/** What texts speak of that is not read with the user. */
export interface Needs {
  /** Fields of the device that the message goes to, or of the user's latest one. */
  device: boolean;
  /** Names of events; "all" where a text says which only when it is rendered. */
  events: readonly string[] | "all";
  /** Also what came with the last event. */
  eventData: boolean;
  promo: boolean;
}

export const noNeeds: Needs = { device: false, events: [], eventData: false, promo: false };

export const needsNothing = ({ device, events, promo }: Needs): boolean =>
  !device && events.length === 0 && !promo;

export function needsOf(templates: readonly Pick<Template, "paths" | "openPaths">[]): Needs {
  const closed = templates.flatMap(({ paths }) => paths);
  const open = templates.flatMap(({ openPaths }) => openPaths);
  const roots = new Set([...closed, ...open].map(([root]) => root));
  const ofEvents = closed.filter(([root]) => root === "event");
  const openEvents = open.filter(([root]) => root === "event");
  const isAll = [...ofEvents, ...openEvents].some(([, name]) => name === undefined);
  return {
    device: roots.has("device") || roots.has("deviceType"),
    events: isAll ? "all" : [...new Set([...ofEvents, ...openEvents].map(([, name]) => String(name)))],
    eventData:
      openEvents.length > 0 || ofEvents.some(([, , field]) => field === "data" || field === undefined),
    promo: roots.has("promo_code"),
  };
}

/** What several messages need, to be asked for at once. */
export const allNeeds = (needs: readonly Needs[]): Needs => ({
  device: needs.some(({ device }) => device),
  events: needs.some(({ events }) => events === "all")
    ? "all"
    : [...new Set(needs.flatMap(({ events }) => [...events]))],
  eventData: needs.some(({ eventData }) => eventData),
  promo: needs.some(({ promo }) => promo),
});
