/**
 * Keeps messages from a service that fails: closed, everything goes; open, nothing until `untilMs`; half-open, a few go
 * to see whether it works again. A value without clock and random: who uses it brings both.
 */
export interface Breaker {
  readonly phase: "closed" | "open" | "half-open";
  /** The last results, the newest in the lowest bit; 1 is a failure. */
  readonly window: number;
  /** How many results are in the window. */
  readonly seen: number;
  /** Failures since the last success. */
  readonly failedInRow: number;
  /** How often it opened since it was last well: rests get longer. */
  readonly opened: number;
  /** End of the rest, ms of the epoch; of a breaker that is open. */
  readonly untilMs: number;
  /** How many more may go; of one that is half-open. */
  readonly probes: number;
}

/** Results that are looked back at: what fits a number's bits. */
const windowSize = 32;
/** Below this many, a share of failures says little. */
const leastResults = 20;
/** Failures one after another after which nobody needs a share. */
const mostInRow = 10;
const probesAtOnce = 3;
const firstRestMs = 1_000;
const longestRestMs = 60_000;

export const closedBreaker: Breaker = {
  ...{ phase: "closed", window: 0, seen: 0, failedInRow: 0, opened: 0, untilMs: 0, probes: 0 },
};

/** Milliseconds of the rest number `opened`, from 0: doubles up to a minute, between half of that and all of it. */
export const restMs = (opened: number, random: number): number =>
  Math.min(firstRestMs * 2 ** opened, longestRestMs) * (0.5 + random / 2);

/** How many messages may start now: all, none, or the probes that are left. */
export function admits(breaker: Breaker, nowMs: number): number {
  if (breaker.phase === "closed") return Number.POSITIVE_INFINITY;
  if (breaker.phase === "half-open") return breaker.probes;
  return nowMs >= breaker.untilMs ? probesAtOnce : 0;
}

/** A message starts, that {@link admits} lets. */
export function started(breaker: Breaker, nowMs: number): Breaker {
  if (breaker.phase === "closed" || admits(breaker, nowMs) === 0) return breaker;
  const probes = breaker.phase === "open" ? probesAtOnce : breaker.probes;
  return { ...breaker, phase: "half-open", probes: probes - 1 };
}

/** A message came through, or was refused for its own sake: the service works. */
export function succeeded(breaker: Breaker): Breaker {
  if (breaker.phase === "half-open") return closedBreaker;
  // It began before the breaker opened, and says nothing of now.
  if (breaker.phase === "open") return breaker;
  return { ...withResult(breaker, 0), failedInRow: 0 };
}

/** A message did not come through. `random` in [0, 1) spreads the ends of rests. */
export function failed(breaker: Breaker, nowMs: number, random: number): Breaker {
  if (breaker.phase === "open") return breaker;
  const next = { ...withResult(breaker, 1), failedInRow: breaker.failedInRow + 1 };
  const isBad =
    breaker.phase === "half-open" ||
    next.failedInRow >= mostInRow ||
    (next.seen >= leastResults && countOnes(next.window) * 2 > next.seen);
  if (!isBad) return next;
  const untilMs = nowMs + restMs(breaker.opened, random);
  return { ...closedBreaker, phase: "open", opened: breaker.opened + 1, untilMs };
}

const withResult = (breaker: Breaker, bit: 0 | 1): Breaker => ({
  ...breaker,
  window: ((breaker.window << 1) | bit) >>> 0,
  seen: Math.min(breaker.seen + 1, windowSize),
});

function countOnes(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
