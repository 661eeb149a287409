import { createHash, createHmac } from "node:crypto";
import { asObject, parsedJson, wordOf } from "../json.ts";
import type {
  ParsedReceipts,
  ProviderReceipt,
  ProviderWish,
  ReceiptRequest,
  ReceiptState,
} from "../provider.ts";
import { deliveryOfAddress, headerOf, isForm, isSame, queryOf, unreadable, unverified } from "../report.ts";
import { wishOf } from "../stop-words.ts";
import { digitsOf } from "./phone.ts";
import { meaningOf } from "./twilio-answer.ts";
import type { TwilioConfig } from "./twilio-config.ts";

/** What Twilio's words mean. Those of a message that waits are passed over. */
const states: Readonly<Record<string, ReceiptState>> = {
  ...{ sent: "sent", delivered: "delivered", read: "seen" },
  ...{ undelivered: "failed", failed: "failed", canceled: "failed" },
};

/** Twilio takes an answer to an incoming message for what to say to its sender: this says nothing. */
const silence = { type: "text/xml", body: "<Response/>" };

/**
 * Verifies a report, and reads what became of a message or what somebody wrote.
 * Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function parseTwilioReceipts(config: TwilioConfig, request: ReceiptRequest): ParsedReceipts {
  const fault = faultOfSignature(config.authToken, request);
  if (fault !== null) return unverified(fault);
  const fields = fieldsIn(request);
  if (!fields) return unreadable("the report is neither a form nor JSON");
  if (fields.MessageStatus === undefined && fields.Body !== undefined)
    return { ok: true, receipts: [], wishes: wishesIn(fields, config), answer: silence };
  const receipt = receiptOf(fields, deliveryOfAddress(request));
  return { ok: true, receipts: receipt ? [receipt] : [] };
}

/** Null for a report that Twilio has signed. */
function faultOfSignature(authToken: string, request: ReceiptRequest): string | null {
  const given = headerOf(request, "x-twilio-signature");
  if (given === "") return "the header x-twilio-signature is missing";
  const bodyHash = queryOf(request, "bodySHA256");
  if (bodyHash !== "") {
    const hash = createHash("sha256").update(request.body).digest("hex");
    if (!isSame(bodyHash.toLowerCase(), hash)) return "bodySHA256 in the address is not that of this report";
  }
  const signed = isForm(request) && bodyHash === "" ? sortedFields(request.body) : "";
  const isSigned = addressesOf(request.url).some((url) =>
    isSame(
      given,
      createHmac("sha1", authToken)
        .update(url + signed)
        .digest("base64"),
    ),
  );
  if (isSigned) return null;
  return "the header x-twilio-signature is not what authToken makes of this report; is PUBLIC_URL the address that Twilio calls?";
}

/** Names and values one after the other, by their names. */
const sortedFields = (body: Buffer): string =>
  [...new URLSearchParams(body.toString("utf8"))]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => name + value)
    .join("");

/** The address as it came, and with the port of its scheme, which Twilio sometimes adds. */
function addressesOf(url: string): string[] {
  if (!URL.canParse(url)) return [url];
  const { protocol, host, port } = new URL(url);
  if (port !== "") return [url];
  return [url, url.replace(host, `${host}:${protocol === "https:" ? 443 : 80}`)];
}

function fieldsIn(request: ReceiptRequest): Record<string, unknown> | null {
  if (request.method === "GET") return request.query;
  if (isForm(request)) return Object.fromEntries(new URLSearchParams(request.body.toString("utf8")));
  const json = parsedJson(request.body.toString("utf8"));
  return typeof json === "object" && json !== null ? asObject(json) : null;
}

function receiptOf(fields: Record<string, unknown>, deliveryId: string): ProviderReceipt | null {
  const word = wordOf(fields.MessageStatus).toLowerCase();
  const state = Object.hasOwn(states, word) ? states[word] : undefined;
  const providerId = wordOf(fields.MessageSid || fields.SmsSid).slice(0, 512);
  if (!state || (deliveryId === "" && providerId === "")) return null;
  const code = wordOf(fields.ErrorCode);
  const hasFailed = state === "failed";
  const meaning = hasFailed ? meaningOf(code) : null;
  return {
    subject: deliveryId === "" ? { providerId } : { deliveryId },
    ...{ state, at: null },
    code: hasFailed ? code.slice(0, 64) || word : null,
    detail: hasFailed ? wordOf(fields.ErrorMessage).slice(0, 500) || meaning?.cure || null : null,
    isGone: meaning?.kind === "unregistered" || meaning?.kind === "invalid",
    ...(meaning?.kind === "left" ? { hasLeft: true } : {}),
    ...(meaning?.isUnreachable ? { isUnreachable: true } : {}),
  };
}

/** Twilio says itself what an answer means where it keeps the list of those who left; else our words decide. */
function wishesIn(fields: Record<string, unknown>, config: TwilioConfig): ProviderWish[] {
  const address = digitsOf(wordOf(fields.From));
  const said = wordOf(fields.Body).trim();
  const type = wordOf(fields.OptOutType).toUpperCase();
  if (address === "" || type === "HELP") return [];
  if (type === "STOP") return [{ address, wants: "stop", said: said.slice(0, 200) }];
  if (type === "START") return [{ address, wants: "resume", said: said.slice(0, 200) }];
  const wish = wishOf(config, address, said);
  return wish ? [wish] : [];
}
