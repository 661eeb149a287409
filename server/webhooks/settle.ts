import type { Exchanged } from "../channels/transport/exchange.ts";

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** Pauses between tries; the last one repeats. */
const pausesMs = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  12 * hour,
];

/** For how long something is tried. */
export const triedForMs = 72 * hour;

/** Failures in a row from which on nothing else is tried for a while, and for how long at most. */
const restsFrom = 3;
const longestRestMs = 5 * minute;

/** What came of one try. */
export interface Verdict {
  isDelivered: boolean;
  /** The webhook wants to hear no more (410). */
  isGone: boolean;
  status: number | null;
  /** Why it failed, a sentence with its full stop. */
  error: string | null;
  retryAfterMs: number | null;
}

/** What an exchange means. Anything but 2xx failed, and is tried again: who mends the address gets what they missed. */
export function verdictOf(exchanged: Exchanged, retryAfterMs: number | undefined): Verdict {
  const none = { isDelivered: false, isGone: false, retryAfterMs: null };
  if (exchanged.kind === "broken") return { ...none, status: null, error: `${exchanged.detail}.` };
  const { status } = exchanged;
  if (status >= 200 && status < 300) return { ...none, isDelivered: true, status, error: null };
  return {
    ...none,
    isGone: status === 410,
    status,
    error: wordsOf(exchanged),
    retryAfterMs: retryAfterMs ?? null,
  };
}

function wordsOf({ status, headers, body }: Extract<Exchanged, { kind: "answered" }>): string {
  if (status >= 300 && status < 400) {
    const to = typeof headers.location === "string" ? ` to ${headers.location.slice(0, 300)}` : "";
    return `It answered ${status} and led elsewhere${to}; redirects are not followed, so give the address itself.`;
  }
  const said = body?.replace(/\s+/g, " ").trim().slice(0, 300);
  return said ? `It answered ${status}: ${said}` : `It answered ${status}.`;
}

/** Milliseconds until try number `tries` + 1: longer each time, up to a quarter less by chance, as late as was asked for. */
export function pauseAfter(tries: number, retryAfterMs: number | null, random: number): number {
  const pause = pausesMs[Math.min(tries, pausesMs.length) - 1] ?? 0;
  return Math.max(pause * (1 - random / 4), retryAfterMs ?? 0);
}

/** How long a webhook is left alone after so many failures in a row; 0 for not at all. */
export const restAfter = (failures: number): number =>
  failures < restsFrom ? 0 : Math.min(5 * second * 2 ** (failures - restsFrom), longestRestMs);
