import type { Sql } from "sql-template-tag";
import { v4 as uuidv4 } from "uuid";
import type { Database } from "../db/database.ts";
import { createGroup } from "../lib/group.ts";
import { eventKey, installationKey, userKey } from "../lib/keys.ts";
import { Problem } from "../lib/problem.ts";
import { tellTracked } from "../outbox/outbox.ts";
import { holdUsers } from "../users/aliases.ts";
import { maxEventNames } from "./limits.ts";
import {
  copyEvents,
  createEventStage,
  type EventChange,
  findOwners,
  type LostEvent,
  mergeEvents,
  type StagedEvents,
} from "./merge.ts";
import { keptSince, preparePartitions } from "./partitions.ts";
import type { TrackRequest } from "./track-schema.ts";

interface App {
  appKey: number;
  appId: string;
}

/** An event that was not stored, and why. */
export interface RefusedEvent {
  index: number;
  pointer: string;
  detail: string;
}

export interface Tracker {
  /**
   * Stores events; they are durable when this returns. Calls that come together share a transaction. Answers those that
   * could not be stored.
   */
  track(app: App, requests: readonly TrackRequest[]): Promise<RefusedEvent[]>;
  /** As `track` for one, which throws when it was refused. */
  trackOne(app: App, request: TrackRequest): Promise<void>;
}

export interface TrackerParts {
  db: Database;
  /** What events came after, as {@link MergeEventsOptions.influence}; wired from above. */
  influenceOn: (appKey: number, between: { firstAt: Date; lastAt: Date }) => Sql;
  /** Months of events that are kept; null keeps all. */
  keptMonths: number | null;
}

interface Call {
  app: App;
  events: EventChange[];
}

/** Calls that share one transaction, at most, and transactions at once: of single events, and of many. */
const smallCalls = { atMost: 1_000, lanes: 1 };
const bulkCalls = { atMost: 2, lanes: 3 };

interface Stores {
  readonly parts: TrackerParts;
  /** By app: names that were stored by this process. */
  readonly knownNames: Map<number, Set<string>>;
}

export function createTracker(parts: TrackerParts): Tracker {
  // Two groups: a single event need not wait for thousands, and the two need not share rows of the counters.
  const stores = { parts, knownNames: new Map<number, Set<string>>() };
  const small = createGroup((calls: Call[], lane) => store(stores, calls, lane), smallCalls);
  const bulk = createGroup((calls: Call[], lane) => store(stores, calls, smallCalls.lanes + lane), bulkCalls);

  async function track(app: App, requests: readonly TrackRequest[]): Promise<RefusedEvent[]> {
    const { events, refused } = read(app, requests, parts.keptMonths);
    if (events.length === 0) return refused;
    const lost = await (requests.length === 1 ? small : bulk)({ app, events });
    return [...refused, ...lost.map((event) => refusedFor(event, requests))];
  }

  return {
    track,
    async trackOne(app, request) {
      const [refused] = await track(app, [request]);
      if (!refused) return;
      const isUnknown = refused.pointer === "/installationId";
      throw new Problem(isUnknown ? "not_found" : "validation", refused.detail, [refused]);
    },
  };
}

/** Events as they are merged; `line` is the place in the call. */
function read(app: App, requests: readonly TrackRequest[], keptMonths: number | null) {
  const now = new Date();
  const since = keptMonths === null ? null : keptSince(now, keptMonths);
  const events: EventChange[] = [];
  const refused: RefusedEvent[] = [];
  for (const [index, request] of requests.entries()) {
    const event = eventOf(app, request, index, now);
    if (since && event.at < since) {
      const detail = `is older than what is kept: the last ${keptMonths} months, since ${since.toISOString()}`;
      refused.push({ index, pointer: "/eventTime", detail });
    } else events.push(event);
  }
  return { events, refused };
}

function eventOf({ appId }: App, request: TrackRequest, line: number, now: Date): EventChange {
  const { userId, installationId, eventName: name, eventTime, eventId, eventData: data = {} } = request;
  const at = eventTime === undefined ? now : new Date(eventTime);
  const { value } = data;
  return {
    line,
    eventId: eventKey(appId, identityOf(request)),
    hasId: eventId !== undefined,
    userKey: userId === undefined ? null : userKey(appId, userId),
    userId: userId ?? null,
    installationKey: installationId === undefined ? null : installationKey(appId, installationId),
    name,
    at,
    value: typeof value === "number" ? value : null,
    valueText: typeof value === "string" ? value : typeof value === "boolean" ? String(value) : null,
    data,
  };
}

/** The sender's id; else all that it says, which is the same when it is sent again. What has no time is new each time. */
function identityOf({
  userId,
  installationId,
  eventName,
  eventTime,
  eventId,
  eventData,
}: TrackRequest): string[] {
  if (eventId !== undefined) return [eventId];
  if (eventTime === undefined) return [uuidv4()];
  const who = userId === undefined ? ["installation", installationId ?? ""] : ["user", userId];
  return [...who, eventName, String(eventTime), JSON.stringify(eventData ?? {})];
}

/** All calls of a group, app by app. Answers what of each call was left out, by its place there. */
async function store(stores: Stores, calls: Call[], slot: number): Promise<LostEvent[][]> {
  const answers: LostEvent[][] = calls.map(() => []);
  const apps = new Map<number, number[]>();
  for (const [place, { app }] of calls.entries())
    apps.set(app.appKey, [...(apps.get(app.appKey) ?? []), place]);
  for (const [appKey, places] of apps) {
    const stage = createEventStage();
    const origins: { place: number; line: number }[] = [];
    for (const place of places) {
      for (const event of calls[place]?.events ?? []) {
        stage.add({ ...event, line: origins.length });
        origins.push({ place, line: event.line });
      }
    }
    for (const { line, code } of await storeOf(stores, appKey, stage.finish(), slot)) {
      const origin = origins[line];
      if (origin) answers[origin.place]?.push({ line: origin.line, code });
    }
  }
  return answers;
}

async function storeOf(
  { parts: { db, influenceOn }, knownNames }: Stores,
  appKey: number,
  events: StagedEvents,
  slot: number,
): Promise<LostEvent[]> {
  await preparePartitions(db, events.partitions);
  const known = knownNames.get(appKey) ?? new Set();
  const lost = await db.transaction(async (tx) => {
    await copyEvents(tx, events);
    const now = new Date();
    const orphans = events.hasInstallations ? await findOwners(tx, appKey) : [];
    await holdUsers(tx, appKey, "staged_events", now);
    const influence = influenceOn(appKey, events);
    const refused = await mergeEvents(tx, appKey, events, { now, slot, influence, knownNames: known });
    await tellTracked(tx, appKey, events.names);
    return [...orphans, ...refused];
  });
  // With a lost one it may be a name that did not fit.
  if (lost.length === 0) for (const name of events.names) known.add(name);
  knownNames.set(appKey, known);
  return lost;
}

function refusedFor({ line, code }: LostEvent, requests: readonly TrackRequest[]): RefusedEvent {
  if (code === "installation_unknown") {
    const id = JSON.stringify(requests[line]?.installationId);
    return {
      ...{ index: line, pointer: "/installationId" },
      detail: `There is no installation ${id} in this app; register it first, or give the userId.`,
    };
  }
  return {
    ...{ index: line, pointer: "/eventName" },
    detail: `The app has ${maxEventNames} names of events, and no more fit: use one of them, with the rest in eventData.`,
  };
}
