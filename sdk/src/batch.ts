import type { Request } from "./api.ts";
import type { Acknowledgement, Device } from "./types.ts";

/** Changes of attributes, as the server takes them. */
export interface AttributeChange {
  attributes?: Record<string, unknown>;
  unset?: string[];
  increment?: Record<string, number>;
  add?: Record<string, unknown[]>;
  remove?: Record<string, unknown[]>;
}

/** Something that was done or changed, with an id so that a repeat is the same one. */
export interface TrackedEvent {
  id: string;
  eventName: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  data?: Record<string, unknown>;
}

/** What waits to be told to the server. */
export type Queued =
  | { kind: "event"; event: TrackedEvent }
  | { kind: "acknowledgement"; acknowledgement: Acknowledgement }
  | { kind: "attributes"; change: AttributeChange }
  | { kind: "tags"; call: "addTags" | "removeTags"; tags: string[] }
  | { kind: "topic"; topic: string; live: boolean; isLeft: boolean };

/** One call, and for how many of the first in the queue it is. */
export interface Batch {
  request: Request;
  count: number;
}

const mostInCall = 100;

/** The next call for what waits: neighbours of a kind go together where the server takes them together. */
export function nextBatch(waiting: readonly Queued[], device: Pick<Device, "id" | "userId">): Batch | null {
  const [first] = waiting;
  const path = `installations/${encodeURIComponent(device.id)}`;
  switch (first?.kind) {
    case undefined:
      return null;
    case "event": {
      const events = neighbours(waiting, "event").map(({ event }) => event);
      const eventData = events.map((data) => ({ type: 2, data }));
      const body = { installationId: device.id, createdAt: events[0]?.createdAt, eventData };
      return { request: { method: "POST", path: "installations/events", body }, count: events.length };
    }
    case "acknowledgement": {
      const acks = neighbours(waiting, "acknowledgement").map(({ acknowledgement }) => acknowledgement);
      return { request: { method: "POST", path: `${path}/inbox/acks`, body: { acks } }, count: acks.length };
    }
    case "attributes": {
      const [change, count] = joinChanges(neighbours(waiting, "attributes").map((entry) => entry.change));
      const body = { installationId: device.id, ...change };
      return { request: { method: "POST", path: "installations/attributes", body }, count };
    }
    case "tags": {
      const body = { userId: device.userId, tags: first.tags };
      return { request: { method: "POST", path: `installations/${first.call}`, body }, count: 1 };
    }
    case "topic": {
      const topic = `${path}/topics/${encodeURIComponent(first.topic)}`;
      return first.isLeft
        ? { request: { method: "DELETE", path: topic }, count: 1 }
        : { request: { method: "PUT", path: topic, body: { live: first.live } }, count: 1 };
    }
    default:
      return first satisfies never;
  }
}

function neighbours<K extends Queued["kind"]>(waiting: readonly Queued[], kind: K) {
  const isOther = (entry: Queued) => entry.kind !== kind;
  const end = waiting.findIndex(isOther);
  const alike = waiting.slice(0, end < 0 ? undefined : end).slice(0, mostInCall);
  return alike as Extract<Queued, { kind: K }>[];
}

/** Values that are set one after the other are one change; of the same name the last holds. */
function joinChanges(changes: readonly AttributeChange[]): [change: AttributeChange, count: number] {
  const [first = {}, ...others] = changes;
  if (!isPlain(first)) return [first, 1];
  let count = 1;
  const attributes = { ...first.attributes };
  for (const change of others) {
    if (!isPlain(change)) break;
    Object.assign(attributes, change.attributes);
    count++;
  }
  return [{ attributes }, count];
}

const isPlain = (change: AttributeChange): boolean =>
  Object.keys(change).every((name) => name === "attributes");
