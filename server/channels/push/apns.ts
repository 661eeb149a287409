import type { OutgoingHttpHeaders } from "node:http2";
import type { CheckResult, Outbound, Outcome, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor, secretLines } from "../redact.ts";
import { outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp2 } from "../transport/http2.ts";
import { sentence } from "../words.ts";
import { type ApnsAnswer, readApnsAnswer } from "./apns-answer.ts";
import { ApnsConfig, apnsOrigin, readApnsKey } from "./apns-config.ts";
import { apnsPayload } from "./apns-payload.ts";
import { createProviderTokens } from "./apns-token.ts";
import { readNotification } from "./notification.ts";
import { refuseReceipts } from "./receipts.ts";
import { isLonger, tooLong } from "./size.ts";

const mostBytes = 4096;
/** A device that nobody has: good for nothing but to hear whether Apple takes our messages. */
const madeUpToken = "0".repeat(64);

/** Apple Push Notification service, by token of a .p8 key. */
export const apnsProvider: Provider<ApnsConfig> = {
  name: "apns",
  channels: ["push"],
  tokenServices: ["apns"],
  config: ApnsConfig,
  secrets: ["privateKey"],
  destinationOf: apnsOrigin,
  // A repeat has the collapse id of the first one, and takes its place.
  isRepeatSafe: () => true,
  echoesDeliveryId: () => true,
  open: openSender,
  parseReceipts: refuseReceipts,
};

interface ApnsRequest {
  token: string;
  headers: OutgoingHttpHeaders;
  body: string;
}

function openSender(config: ApnsConfig, outside: Outside, { connections }: { connections: number }): Sender {
  const read = readApnsKey(config.privateKey);
  if (!read.ok) throw new Error(`privateKey ${read.detail}`);
  const origin = apnsOrigin(config);
  const { host } = new URL(origin);
  const tokens = createProviderTokens(read.key, config);
  const http = openHttp2(origin, outside, { connections, timeoutMs: config.timeoutMs });

  /** Sends it; where Apple says that our token ended, once again with a new one. */
  async function sendRequest(request: ApnsRequest, signal: AbortSignal): Promise<Outcome> {
    const first = await sendOnce(request, signal);
    if (first.kind !== "token") return first;
    const second = await sendOnce(request, signal);
    if (second.kind !== "token") return second;
    const detail = `${second.detail}, though it is a new one. Check the clock of this machine.`;
    return { kind: "misconfigured", code: "ExpiredProviderToken", detail };
  }

  async function sendOnce(request: ApnsRequest, signal: AbortSignal): Promise<ApnsAnswer> {
    const token = tokens.current();
    const headers = { ...request.headers, authorization: `bearer ${token}` };
    const path = `/3/device/${encodeURIComponent(request.token)}`;
    const exchanged = await http.exchange({ path, headers, body: request.body }, signal);
    // Made only for what has words.
    const redact = (text: string) => createRedactor([token, secretLines(config.privateKey)])(text);
    if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
    const answer = readApnsAnswer(exchanged, { host, redact, nowMs: Date.now() });
    if (answer.kind === "token") tokens.refuse(token);
    return answer;
  }

  return {
    send(message, signal) {
      const request = write(message, config.bundleId);
      return "kind" in request ? Promise.resolve(request) : sendRequest(request, signal);
    },

    async check(signal): Promise<CheckResult> {
      const headers = { "apns-topic": config.bundleId, "apns-push-type": "background", "apns-priority": "5" };
      const body = '{"aps":{"content-available":1}}';
      const outcome = await sendRequest({ token: madeUpToken, headers, body }, signal);
      // Apple looks at who asks before it looks at the device.
      if (outcome.kind === "gone" || outcome.kind === "accepted")
        return {
          ok: true,
          detail: `${host} takes messages for ${config.bundleId}. Nothing was sent to anybody.`,
        };
      return { ok: false, detail: sentence(outcome.detail) };
    },

    close: () => http.close(),
  };
}

/** The request of a message, or why there is none. */
function write(message: Outbound, bundleId: string): ApnsRequest | Outcome {
  const shown = message.notification && readNotification(message.notification);
  const payload = apnsPayload(message, shown);
  const body = JSON.stringify(payload);
  if (isLonger(body, mostBytes)) {
    const { data, content, notification } = message;
    const parts = { data, notification, ...(payload.content === undefined ? {} : { content }) };
    return tooLong(Buffer.byteLength(body), { most: mostBytes, service: "APNs", parts });
  }
  const headers: OutgoingHttpHeaders = {
    "apns-topic": bundleId,
    "apns-push-type": shown ? "alert" : "background",
    // 10 is not allowed for what shows nothing.
    "apns-priority": shown ? "10" : "5",
    "apns-id": message.deliveryUuid,
    // At most 64 bytes; our ids have 36.
    "apns-collapse-id": message.messageId.slice(0, 64),
  };
  // Without it Apple keeps the message for 30 days; 0 would be: now or never.
  if (message.expiresAt !== null)
    headers["apns-expiration"] = String(Math.max(Math.floor(message.expiresAt.getTime() / 1000), 1));
  return { token: message.to, headers, body };
}
