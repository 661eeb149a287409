import type { SeenRequest } from "./faults.ts";
import { startHttp1StandIn } from "./http1.ts";
import type { StandIn, StandInOptions } from "./log.ts";
import { createPhoneFates } from "./phone-fate.ts";
import { createReporter } from "./reports.ts";
import type { Reply } from "./wire.ts";

export interface KaleyraOptions extends StandInOptions {
  /** It reports by itself what became of messages, to the callback of each. */
  reports?: boolean;
}

/** A report as a callback profile words it. */
type KaleyraReport = Record<string, string>;

/** Kaleyra: https://developers.kaleyra.io. Messages are counted by their `ref`. */
export interface KaleyraStandIn extends StandIn {
  readonly credentials: { sid: string; apiKey: string; sender: string };
  /** Posts reports one by one; answers the last status. */
  report(
    url: string,
    reports: readonly KaleyraReport[],
    options?: { token?: string; asForm?: boolean },
  ): Promise<number>;
  /** Waits until it has reported everything. */
  settle(): Promise<void>;
}

const credentials = {
  sid: "HXIN1700000000IN",
  apiKey: "A0123456789abcdef0123456789abcdef",
  sender: "SHOPPR",
};

export async function startKaleyraStandIn(options: KaleyraOptions = {}): Promise<KaleyraStandIn> {
  const reporter = createReporter();
  const fateOf = createPhoneFates();

  function answer(request: SeenRequest): Reply | null {
    const { method, url, headers } = request;
    if (headers["api-key"] !== credentials.apiKey) return unauthorized();
    const [, sid, rest] = /^\/v1\/(\w+)\/(.+)$/.exec(url) ?? [];
    if (sid !== credentials.sid) return unauthorized();
    if (method !== "POST" || rest !== "messages") return kaleyra(404, "E404", "Not found");
    return sendText(request);
  }

  function sendText(request: SeenRequest): Reply | null {
    const { to, sender, type, body, callback } = request.body as Record<string, string | undefined>;
    if (!to) return kaleyra(400, "E412", "to is required");
    if (sender !== credentials.sender) return kaleyra(400, "E413", "sender is not approved");
    if (!body) return kaleyra(400, "E412", "body is required");
    if (!["TXN", "OTP", "MKT", "DEFAULT"].includes(String(type)))
      return kaleyra(400, "E412", "type is not valid");
    const called = callback === undefined ? null : callbackIn(callback);
    if (callback !== undefined && !called) return kaleyra(400, "E412", "callback is not valid");
    const id = `ee8a${String(request.number).padStart(8, "0")}`;
    const refusal = refusalOf(fateOf(to), { id, sender, type: String(type), body });
    if (refusal !== undefined) return refusal;
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return accepted({ id, sender, type: String(type), body }, []);
    if (called && options.reports)
      reporter.follow(
        ["Sent", "Delivered"].map(
          (status) => () =>
            reporter.post(called.url, {
              headers: { "content-type": "application/json", ...called.header },
              body: JSON.stringify({ id: `${id}:1`, status, mobile: to }),
            }),
        ),
      );
    return accepted({ id, sender, type: String(type), body }, [
      { message_id: `${id}:1`, recipient: to.slice(1) },
    ]);
  }

  const standIn = await startHttp1StandIn(options, {
    deliveryOf: ({ body }) => (typeof body.ref === "string" ? body.ref : null),
    answer,
    failure: (_, status) =>
      status === "gone" ? kaleyra(400, "E412", "Invalid recipient") : failureOf(status),
    brokenJson: { status: 202, body: '{"id":"ee8a' },
  });

  return {
    ...standIn,
    credentials,
    async report(url, reports, { token, asForm = false } = {}) {
      let status = 0;
      for (const report of reports)
        status = await reporter.post(url, {
          headers: {
            "content-type": asForm ? "application/x-www-form-urlencoded" : "application/json",
            ...(token === undefined ? {} : { "x-chapar-token": token }),
          },
          body: asForm ? new URLSearchParams(report).toString() : JSON.stringify(report),
        });
      return status;
    },
    settle: () => reporter.settle(),
    async stop() {
      await reporter.stop();
      await standIn.stop();
    },
  };
}

interface TextMessage {
  id: string;
  sender: string;
  type: string;
  body: string;
}

/** What becomes of a phone with a fate of its own; undefined for one without. */
function refusalOf(fate: ReturnType<ReturnType<typeof createPhoneFates>>, message: TextMessage) {
  switch (fate) {
    // Kaleyra says 202 and takes none.
    case "dead":
    case "left":
      return accepted(message, []);
    case "throttled":
      return { ...failureOf(429), headers: { "retry-after": "1" } };
    case "busy":
      return failureOf(503);
    case "broken":
      return failureOf(500);
    case "silent":
      return null;
    case null:
      return undefined;
  }
}

const accepted = (message: TextMessage, data: readonly Record<string, string>[]): Reply => ({
  status: 202,
  body: JSON.stringify({
    ...message,
    ...{ createdDateTime: new Date().toISOString(), totalCount: data.length, data, error: {} },
  }),
});

/** Where to report on a message, and what to send with it; null for a callback that is none. */
function callbackIn(text: string): { url: string; header: Record<string, string> } | null {
  try {
    const { url, method, header = {} } = JSON.parse(text) as Record<string, unknown>;
    if (method !== "POST" || typeof url !== "string" || !URL.canParse(url)) return null;
    return { url, header: header as Record<string, string> };
  } catch {
    return null;
  }
}

const unauthorized = (): Reply => kaleyra(401, "RBC001", "Incorrect SID or API key.");

const kaleyra = (status: number, code: string, message: string): Reply => ({
  status,
  body: JSON.stringify({ code, message, data: [], error: { code, message } }),
});

function failureOf(status: number): Reply {
  if (status === 401) return unauthorized();
  if (status === 402) return kaleyra(402, "E110", "Please check your balance, You have a low balance!");
  return { status, body: JSON.stringify({ message: `Status ${status}` }) };
}
