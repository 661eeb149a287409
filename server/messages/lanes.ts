import { Channel, PushService } from "../channels/schema.ts";
import { type RouteName, routeOf } from "./queries/claims.ts";

/** What is worked on beside the others: chunks of one route, of small or of large sends. */
export interface Lane extends RouteName {
  kind: LaneKind;
  /** From 1: a row of its own in the counters of messages. */
  slot: number;
}

export type LaneKind = "small" | "large" | "cancelled";

/**
 * Lanes of one route and kind: small sends are not behind large ones, and no route takes the room of another. While one
 * lane waits for the provider the other one writes; more of them would be more to repeat after a crash. Small sends of the
 * inbox wait for nobody: one lane keeps them in the order in which they were accepted.
 */
const perRoute: Record<LaneKind, number> = { small: 2, large: 2, cancelled: 2 };
const inAll = 64;
/** Rows of counters that lanes share when there are more of them. */
const slots = 16;

/** Keeps count of what is worked on, and of routes that are closed for a while. */
export function createLanes() {
  const busy = new Map<string, number>();
  const closed = new Map<string, Date>();
  const freeSlots = Array.from({ length: inAll }, (_, index) => index);
  const nameOf = ({ appKey, channel, tokenService }: RouteName) =>
    `${appKey} ${channel} ${tokenService ?? ""}`;
  const laneName = (kind: LaneKind, route: RouteName) => `${kind} ${nameOf(route)}`;
  const readName = (name: string): RouteName => {
    const [appKey = "", channel = "", service = ""] = name.split(" ").slice(-3);
    return {
      appKey: Number(appKey),
      channel: Channel.parse(channel),
      tokenService: service === "" ? null : PushService.parse(service),
    };
  };
  const isFull = (kind: LaneKind, { channel }: RouteName, count: number) =>
    count >= (channel === "inbox" && kind === "small" ? 1 : perRoute[kind]);

  return {
    hasRoom: (): boolean => freeSlots.length > 0,
    /** Routes of which nothing more is to be claimed now: all their lanes are taken, or their account is closed. */
    blocked(kind: LaneKind, now: Date): RouteName[] {
      for (const [name, until] of closed) if (until <= now) closed.delete(name);
      const full = [...busy].filter(
        ([name, count]) => name.startsWith(`${kind} `) && isFull(kind, readName(name), count),
      );
      return [...full.map(([name]) => name), ...closed.keys()].map(readName);
    },
    /** Whether a lane of this route can be taken: what was claimed before anybody knew its route may be too much for it. */
    isOpen(kind: LaneKind, route: RouteName): boolean {
      return (
        freeSlots.length > 0 &&
        !isFull(kind, route, busy.get(laneName(kind, route)) ?? 0) &&
        !closed.has(nameOf(route))
      );
    },
    take(kind: LaneKind, route: RouteName): Lane {
      const name = laneName(kind, route);
      busy.set(name, (busy.get(name) ?? 0) + 1);
      return { kind, ...routeOf(route), slot: ((freeSlots.shift() ?? 0) % slots) + 1 };
    },
    free(lane: Lane): void {
      const name = laneName(lane.kind, lane);
      const count = (busy.get(name) ?? 1) - 1;
      if (count === 0) busy.delete(name);
      else busy.set(name, count);
      freeSlots.push(lane.slot - 1);
    },
    /** Leaves a route alone until then, but no longer than `longestMs`: somebody may open its account before. */
    close(route: RouteName, until: Date, longestMs = 1_000): void {
      const latest = new Date(Date.now() + longestMs);
      closed.set(nameOf(route), until < latest ? until : latest);
    },
    /** When the next closed route is tried again; null when none is closed. */
    nextOpening(): Date | null {
      const [first] = [...closed.values()].sort((a, b) => a.getTime() - b.getTime());
      return first ?? null;
    },
  };
}
