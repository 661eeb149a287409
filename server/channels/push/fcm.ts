import type { CheckResult, Outbound, Outcome, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor, secretLines } from "../redact.ts";
import { outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { openHttp2 } from "../transport/http2.ts";
import { sentence } from "../words.ts";
import { type FcmAnswer, readFcmAnswer } from "./fcm-answer.ts";
import { FcmConfig, readServiceAccount } from "./fcm-config.ts";
import { fcmBytes, fcmMessage } from "./fcm-message.ts";
import { createAccessTokens } from "./fcm-token.ts";
import { refuseReceipts } from "./receipts.ts";
import { isLonger, tooLong } from "./size.ts";

/** Bytes that FCM takes: https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type */
const mostBytes = 4096;
/** It cannot be a token of anybody, and is good for nothing but to hear whether the project takes our messages. */
const madeUpToken = "chapar-check-of-an-account";

/** Firebase Cloud Messaging, HTTP v1: Android, and apps on iOS and the web that have their tokens from Firebase. */
export const fcmProvider: Provider<FcmConfig> = {
  name: "fcm",
  channels: ["push"],
  tokenServices: ["fcm"],
  config: FcmConfig,
  secrets: ["serviceAccount"],
  destinationOf(config) {
    const { tokenUrl } = read(config);
    return `${new URL(config.baseUrl).origin} and ${new URL(tokenUrl).origin}`;
  },
  // A repeat has the tag of the first one, and takes its place.
  isRepeatSafe: () => true,
  // There are no reports: what is shown and opened is told by the device itself.
  echoesDeliveryId: () => true,
  open: openSender,
  parseReceipts: refuseReceipts,
};

/** The account in the config, which has passed the schema. */
function read(config: FcmConfig) {
  const file = readServiceAccount(config.serviceAccount);
  if (!file.ok) throw new Error(`serviceAccount ${file.detail}`);
  const tokenUrl = config.tokenUrl ?? file.account.tokenUri;
  return { account: file.account, tokenUrl, projectId: config.projectId ?? file.account.projectId };
}

function openSender(config: FcmConfig, outside: Outside, { connections }: { connections: number }): Sender {
  const { account, tokenUrl, projectId } = read(config);
  const { timeoutMs, display, channelId = null } = config;
  const { host, origin } = new URL(config.baseUrl);
  const tokenHttp = openHttp1(outside, { connections: 1, timeoutMs });
  const http = openHttp2(origin, outside, { connections, timeoutMs });
  const tokens = createAccessTokens(account, { http: tokenHttp, tokenUrl });
  const path = `/v1/projects/${encodeURIComponent(projectId)}/messages:send`;

  /** Sends it with a token; a service that does not take the token any more is asked once again with a new one. */
  async function sendBody(body: string, signal: AbortSignal): Promise<Outcome> {
    const first = await sendOnce(body, signal);
    if (first.kind !== "token") return first;
    const second = await sendOnce(body, signal);
    if (second.kind !== "token") return second;
    const detail = `${second.detail}. The token is a new one: the service account may not send for this project.`;
    return { kind: "misconfigured", code: "UNAUTHENTICATED", detail };
  }

  async function sendOnce(body: string, signal: AbortSignal): Promise<FcmAnswer> {
    const token = tokens.current() ?? (await tokens.renew(signal));
    if (typeof token !== "string") return token;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const exchanged = await http.exchange({ path, headers, body }, signal);
    // Made only for what has words.
    const redact = (text: string) => createRedactor([token, secretLines(account.privateKeyText)])(text);
    if (exchanged.kind === "broken") return outcomeOfBroken(exchanged, redact);
    const answer = readFcmAnswer(exchanged, { host, redact, nowMs: Date.now() });
    if (answer.kind === "token") tokens.refuse(token);
    return answer;
  }

  return {
    send(message, signal) {
      const written = write(message, { display, channelId });
      return typeof written === "string" ? sendBody(written, signal) : Promise.resolve(written);
    },

    async check(signal): Promise<CheckResult> {
      const message = { token: madeUpToken, data: { check: "1" } };
      const outcome = await sendBody(JSON.stringify({ validate_only: true, message }), signal);
      switch (outcome.kind) {
        case "accepted":
        case "gone":
          return {
            ok: true,
            detail: `${host} takes messages for the project ${projectId}. Nothing was sent to anybody.`,
          };
        default:
          return { ok: false, detail: sentence(outcome.detail) };
      }
    },

    async close() {
      await Promise.all([http.close(), tokenHttp.close()]);
    },
  };
}

/** The body of a request, or why there is none. */
function write(
  message: Outbound,
  options: { display: FcmConfig["display"]; channelId: string | null },
): string | Outcome {
  const fcm = fcmMessage(message, { ...options, nowMs: Date.now() });
  const body = JSON.stringify({ message: fcm });
  if (!isLonger(body, mostBytes)) return body;
  const bytes = fcmBytes(fcm);
  if (bytes <= mostBytes) return body;
  const { data, content, notification } = message;
  return tooLong(bytes, { most: mostBytes, service: "FCM", parts: { data, content, notification } });
}
