import { hash } from "node:crypto";
import webPush from "web-push";
import type { CheckResult, Outbound, Outcome, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { type Exchanged, outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { readNotification } from "./notification.ts";
import { refuseReceipts } from "./receipts.ts";
import { isLonger, tooLong } from "./size.ts";
import { readWebpushAnswer } from "./webpush-answer.ts";
import { createHostList, isPair, WebpushConfig } from "./webpush-config.ts";
import { webpushPayload } from "./webpush-payload.ts";
import { readSubscription, type Subscription } from "./webpush-subscription.ts";

/** What is left of the 4096 bytes that services take, once they are encrypted: RFC 8291 §4. */
const mostBytes = 3993;
/** Four weeks, the longest that the services keep a message. */
const longestTtlSeconds = 28 * 86_400;

/** Push to browsers by whatever service each of them uses (RFC 8030, 8291, 8292). */
export const webpushProvider: Provider<WebpushConfig> = {
  name: "webpush",
  channels: ["push"],
  tokenServices: ["webpush"],
  config: WebpushConfig,
  secrets: ["privateKey"],
  // The private key only signs: it is given to nobody.
  destinationOf: () => null,
  // A repeat has the tag of the first one, and takes its place.
  isRepeatSafe: () => true,
  echoesDeliveryId: () => true,
  makeKeys: () => ({ ...webPush.generateVAPIDKeys() }),
  open: openSender,
  parseReceipts: refuseReceipts,
};

function openSender(
  config: WebpushConfig,
  outside: Outside,
  { connections }: { connections: number },
): Sender {
  const http = openHttp1(outside, { connections, timeoutMs: config.timeoutMs });
  const isAllowed = createHostList(config.allowedHosts);
  const authorize = createAuthorization(config);
  const rests = createRests();

  async function send(message: Outbound, signal: AbortSignal): Promise<Outcome> {
    const read = readSubscription(message.to);
    if (!read.ok) return invalid("subscription", read.detail);
    const { subscription } = read;
    const { endpoint } = subscription;
    const { host, origin, protocol } = endpoint;
    if (protocol !== "https:" && !(outside.allowsPrivate && protocol === "http:"))
      return invalid("endpoint", `The endpoint at ${host} is not an https address.`);
    if (!isAllowed(endpoint.hostname))
      return rejected("host", `${host} is not among allowedHosts of the account.`);
    const payload = write(message);
    if (typeof payload !== "string") return payload;
    const restMs = rests.left(host, Date.now());
    if (restMs > 0)
      return { kind: "retry", code: "rests", detail: `${host} asked to wait.`, afterMs: restMs };

    const authorization = authorize(origin, Date.now());
    const exchanged = await http.exchange(
      {
        ...{ origin, method: "POST", path: endpoint.pathname + endpoint.search },
        headers: [...headersOf(message), "authorization", authorization],
        body: encrypt(subscription, payload),
      },
      signal,
    );
    // Made only for what has words.
    const redact = (text: string) =>
      createRedactor([authorization, config.privateKey, subscription.auth])(text);
    return outcomeOf(exchanged, host, redact);
  }

  function outcomeOf(exchanged: Exchanged, host: string, redact: (text: string) => string): Outcome {
    if (exchanged.kind === "broken") {
      // The account is in order: it is this one subscription that leads where nothing is sent.
      if (exchanged.at === "address") return invalid(exchanged.code, `${exchanged.detail}.`);
      return outcomeOfBroken(exchanged, redact);
    }
    const nowMs = Date.now();
    const answer = readWebpushAnswer(exchanged, { host, redact, nowMs });
    if (answer.kind !== "rest") return answer;
    rests.begin(host, nowMs + answer.afterMs);
    // Of this service only: the others go on.
    return { ...answer, kind: "retry" };
  }

  return {
    send,
    check: async (signal): Promise<CheckResult> => {
      if (signal.aborted) return { ok: false, detail: "The check was given up." };
      if (!isPair(config.publicKey, config.privateKey))
        return { ok: false, detail: "privateKey does not belong to publicKey." };
      return {
        ok: true,
        detail:
          "The keys belong together. Each browser has a push service of its own, so nothing was sent to any.",
      };
    },
    close: () => http.close(),
  };
}

const rejected = (code: string, detail: string): Outcome => ({ kind: "rejected", code, detail });
const invalid = (code: string, detail: string): Outcome => ({ kind: "gone", cause: "invalid", code, detail });

/** The text that is encrypted, or why there is none. */
function write(message: Outbound): string | Outcome {
  if (!message.notification)
    return rejected(
      "silent",
      "Browsers must show every push, so a silent message cannot go to them; give it a notification.",
    );
  const shown = readNotification(message.notification);
  const payload = JSON.stringify(webpushPayload(message, shown));
  if (!isLonger(payload, mostBytes)) return payload;
  const { data, notification } = message;
  const content = message.content === shown.body ? null : message.content;
  const parts = { data, notification, content };
  return tooLong(Buffer.byteLength(payload), { most: mostBytes, service: "web push", parts });
}

function headersOf(message: Outbound): string[] {
  const { expiresAt } = message;
  const left = expiresAt === null ? longestTtlSeconds : Math.floor((expiresAt.getTime() - Date.now()) / 1000);
  const group = message.notification?.groupId;
  // One that waits for the browser is replaced by a repeat, and by the next of its group.
  const topic = hash("sha256", typeof group === "string" && group ? group : message.messageId, "base64url");
  return [
    ...["ttl", String(Math.min(Math.max(left, 0), longestTtlSeconds))],
    ...["urgency", "high", "topic", topic.slice(0, 32)],
    ...["content-type", "application/octet-stream", "content-encoding", "aes128gcm"],
  ];
}

const encrypt = ({ p256dh, auth }: Subscription, payload: string): Buffer =>
  webPush.encrypt(p256dh, auth, payload, "aes128gcm").cipherText;

/** Services refuse tokens of more than 24 hours: RFC 8292 §2. */
const tokenSeconds = 12 * 3_600;
const renewMs = (tokenSeconds / 2) * 1000;
const mostOrigins = 1_000;

/** Tokens are the same for all browsers of a push service: signing each message would cost more than to encrypt it. */
function createAuthorization({ subject, publicKey, privateKey }: WebpushConfig) {
  const known = new Map<string, { header: string; untilMs: number }>();
  return (origin: string, nowMs: number): string => {
    const found = known.get(origin);
    if (found && found.untilMs > nowMs) return found.header;
    // Subscriptions come from outside, and may name as many hosts as they like.
    if (known.size >= mostOrigins) known.clear();
    const expiry = Math.floor(nowMs / 1000) + tokenSeconds;
    const { Authorization } = webPush.getVapidHeaders(
      ...([origin, subject, publicKey, privateKey, "aes128gcm", expiry] as const),
    );
    known.set(origin, { header: Authorization, untilMs: nowMs + renewMs });
    return Authorization;
  };
}

/** Push services that asked to wait, and until when. */
function createRests() {
  const untils = new Map<string, number>();
  return {
    begin(host: string, untilMs: number): void {
      if (untils.size >= mostOrigins) untils.clear();
      untils.set(host, Math.max(untilMs, untils.get(host) ?? 0));
    },
    left(host: string, nowMs: number): number {
      const untilMs = untils.get(host);
      if (untilMs === undefined) return 0;
      if (untilMs <= nowMs) untils.delete(host);
      return Math.max(untilMs - nowMs, 0);
    },
  };
}
