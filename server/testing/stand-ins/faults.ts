import type { IncomingHttpHeaders } from "node:http";

/** How a stand-in treats one request. Without a fault it answers as the service would. */
export type Fault =
  /** Answers with this status; `body` is sent as JSON, or as it is when it is a text. */
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string> }
  /** 429, with Retry-After as seconds, as a date, or without it. */
  | { kind: "throttle"; retryAfter?: number | Date }
  /** 410: the address is dead. */
  | { kind: "gone" }
  /** Reads the request and never answers. */
  | { kind: "hang" }
  /** Closes the connection once the head of the request is there; out of a function, once all of it is. */
  | { kind: "closeBefore" }
  /** Closes it when all was read, without an answer. */
  | { kind: "closeAfter" }
  /** Closes it in the middle of the answer. */
  | { kind: "closeHalfway" }
  /** 200 with JSON that breaks off. */
  | { kind: "brokenJson" }
  /** 200, and a byte of the answer now and then, without an end. */
  | { kind: "trickle"; everyMs: number }
  /** HTTP/2: says goodbye to the connection without a look at this request. Elsewhere it closes the connection. */
  | { kind: "goaway" };

/** What a request says: its JSON as far as it is known, headers, and which one it is from 1. */
export interface SeenRequest {
  number: number;
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** Of a body in JSON or a form: deliveryId, to and whatever else; empty for another. */
  body: Record<string, unknown>;
}

export type FaultPlan = (request: SeenRequest) => Fault | null;

/** Shares of requests, from 0 to 1, that go wrong in a way; together at most 1. */
export type FaultRates = Partial<
  Record<"throttle" | "error" | "hang" | "closeAfter" | "brokenJson" | "gone" | "goaway", number>
>;

const faultOf: Record<keyof FaultRates, Fault> = {
  throttle: { kind: "throttle", retryAfter: 1 },
  error: { kind: "status", status: 500, body: { error: "internal" } },
  hang: { kind: "hang" },
  closeAfter: { kind: "closeAfter" },
  brokenJson: { kind: "brokenJson" },
  gone: { kind: "gone" },
  goaway: { kind: "goaway" },
};

/** A plan that makes each fault as often as its rate says. `random` is in [0, 1). */
export function faultsAtRates(rates: FaultRates, random: () => number): FaultPlan {
  const kinds = Object.keys(faultOf) as (keyof FaultRates)[];
  return () => {
    let rest = random();
    for (const kind of kinds) {
      rest -= rates[kind] ?? 0;
      if (rest < 0) return faultOf[kind];
    }
    return null;
  };
}

/** The members of a body: of a form, or the JSON object in it; none where there is neither. */
export const readBody = (text: string, contentType: string | undefined): Record<string, unknown> =>
  contentType?.startsWith("application/x-www-form-urlencoded")
    ? Object.fromEntries(new URLSearchParams(text))
    : readJson(text);

/** The JSON object in a text; empty where there is none. */
export function readJson(text: string): Record<string, unknown> {
  if (!text.startsWith("{")) return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const textOfRetryAfter = (retryAfter: number | Date | undefined): string | undefined =>
  retryAfter instanceof Date ? retryAfter.toUTCString() : retryAfter?.toString();
