import type { DeliveryReason } from "../deliveries/schema.ts";
import type { SendOutcome } from "../providers/gate.ts";

/** What an attempt came to: a row, another attempt at a later time, or the same attempt once the account is open. */
export type Settled =
  | {
      kind: "row";
      state: "sent" | "failed" | "skipped" | "unknown" | "expired";
      reason: DeliveryReason | null;
      code: string | null;
      detail: string | null;
      providerId: string | null;
    }
  | { kind: "again"; at: Date; code: string; detail: string }
  | { kind: "defer" };

/** Attempts in all, about twelve minutes apart from the first to the last. */
export const maxAttempts = 6;
const firstPauseMs = 2_000;
const pauseGrowth = 4;
const longestPauseMs = 3_600_000;

/** Where a service means hours: 5 min, 15 min, 1 h … two days in all (RFC 5321 §4.5.4.1 asks for four or five at most). */
const patientPausesMs = [5, 15, 60, 240, 480, 720, 1440].map((minutes) => minutes * 60_000);

/** How long to wait before attempt number `attempt` (from 1): four times as long each time, less up to half by chance. */
export function pauseBefore(attempt: number, random: number): number {
  const pause = Math.min(firstPauseMs * pauseGrowth ** (attempt - 1), longestPauseMs);
  return pause * (1 - random / 2);
}

interface Again {
  code: string;
  detail: string;
  afterMs?: number;
  isPatient?: true;
}

/**
 * Decides what becomes of a recipient after an attempt. `attempt` counts those before it. What may have gone out is
 * tried again only where a repeat does no harm.
 */
export function settle(
  outcome: SendOutcome,
  {
    attempt,
    isRepeatSafe,
    now,
    expiresAt,
    random,
  }: { attempt: number; isRepeatSafe: boolean; now: Date; expiresAt: Date | null; random: number },
): Settled {
  switch (outcome.kind) {
    case "accepted":
      return row("sent", null, null, outcome.providerId);
    case "rejected":
      return row("failed", "rejected", outcome);
    case "gone":
      return row("failed", "address_gone", outcome);
    case "left":
      return row("skipped", "opted_out", outcome);
    case "unknown":
      if (!isRepeatSafe) return row("unknown", "outcome_unknown", outcome);
      return again(outcome);
    case "retry":
      return again(outcome);
    case "throttle":
    case "misconfigured":
    case "halted":
    case "unsent":
      return { kind: "defer" };
  }

  function again({ code, detail, ...rest }: Again): Settled {
    const made = attempt + 1;
    const most = rest.isPatient ? patientPausesMs.length + 1 : maxAttempts;
    if (made >= most) return row("failed", "attempts_exhausted", { code, detail });
    const afterMs = rest.isPatient
      ? (patientPausesMs[attempt] ?? longestPauseMs) * (1 - random / 8)
      : Math.min(Math.max(pauseBefore(made, random), rest.afterMs ?? 0), longestPauseMs);
    const at = new Date(now.getTime() + afterMs);
    if (expiresAt && at >= expiresAt) return row("expired", null, { code, detail });
    return { kind: "again", at, code, detail };
  }
}

const row = (
  state: "sent" | "failed" | "skipped" | "unknown" | "expired",
  reason: DeliveryReason | null,
  said: { code: string; detail: string } | null,
  providerId: string | null = null,
): Settled => ({
  ...{ kind: "row", state, reason, code: said?.code ?? null, detail: said?.detail ?? null, providerId },
});
