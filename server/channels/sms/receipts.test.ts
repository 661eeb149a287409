import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import type { ReceiptRequest } from "../provider.ts";
import { KaleyraConfig } from "./kaleyra-config.ts";
import { parseKaleyraReceipts } from "./kaleyra-receipts.ts";
import { KavenegarConfig } from "./kavenegar-config.ts";
import { parseKavenegarReceipts } from "./kavenegar-receipts.ts";
import { TwilioConfig } from "./twilio-config.ts";
import { parseTwilioReceipts } from "./twilio-receipts.ts";

const kaleyra = KaleyraConfig.parse({ sid: "HX1", apiKey: "key-0123456789", sender: "SHOP" });
const kavenegar = KavenegarConfig.parse({ apiKey: "key-0123456789", sender: "10004346" });
const twilio = TwilioConfig.parse({
  ...{ accountSid: `AC${"0".repeat(32)}`, authToken: "token-0123456789", from: "+15005550006" },
});

const request = (changes: Partial<ReceiptRequest>): ReceiptRequest => ({
  ...{ method: "POST", url: "https://chapar.example/r", headers: {}, query: {}, body: Buffer.alloc(0) },
  ...changes,
});
const formType = "application/x-www-form-urlencoded; charset=UTF-8";
const form = (fields: Record<string, string>, changes: Partial<ReceiptRequest> = {}) =>
  request({
    headers: { "content-type": formType },
    body: Buffer.from(new URLSearchParams(fields).toString()),
    ...changes,
  });
const json = (value: unknown, changes: Partial<ReceiptRequest> = {}) =>
  request({
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(value)),
    ...changes,
  });

const good = (parsed: ReturnType<typeof parseKaleyraReceipts>) =>
  parsed.ok ? parsed : assert.fail(parsed.detail);
const million = "x".repeat(1_000_000);

test("Kaleyra reports by JSON, a form or a query, under any of its names", () => {
  for (const sent of [
    json({ id: "ee8a:1", status: "Delivered" }),
    json([{ message_id: "ee8a:1", status: "DELIVRD" }]),
    form({ mid: "ee8a:1", status: "DELIVERED", mobile: "919812345678" }),
    request({ method: "GET", query: { kid: "ee8a:1", status: "delivered" } }),
  ]) {
    const [receipt] = good(parseKaleyraReceipts(kaleyra, sent)).receipts;
    assert.deepEqual(receipt?.subject, { providerId: "ee8a:1" });
    assert.equal(receipt?.state, "delivered");
  }
});

test("Kaleyra's report names the delivery by its address, or by what we called it", () => {
  const byAddress = json(
    { id: "ee8a:1", status: "Failed", description: "Absent" },
    { query: { delivery: "d-1" } },
  );
  const [receipt] = good(parseKaleyraReceipts(kaleyra, byAddress)).receipts;
  assert.deepEqual(receipt, {
    ...{
      subject: { deliveryId: "d-1" },
      state: "failed",
      at: null,
      code: "failed",
      detail: "Absent",
      isGone: false,
    },
  });
  const byRef = json({
    ref: "d-2",
    status: "Undelivered",
    error_code: 27,
    timestamp: "2026-03-01T10:00:00Z",
  });
  const [second] = good(parseKaleyraReceipts(kaleyra, byRef)).receipts;
  assert.deepEqual(second?.subject, { deliveryId: "d-2" });
  assert.equal(second?.code, "27");
  assert.equal(second?.isUnreachable, true);
  assert.equal(second?.at?.toISOString(), "2026-03-01T10:00:00.000Z");
});

test("Kaleyra's report is believed with the token alone, where there is one", () => {
  const config = { ...kaleyra, receiptsToken: "receipts-token" };
  const report = (headers: Record<string, string>) =>
    json({ id: "m", status: "Sent" }, { headers: { "content-type": "application/json", ...headers } });
  assert.ok(parseKaleyraReceipts(config, report({ "x-chapar-token": "receipts-token" })).ok);
  for (const headers of [{}, { "x-chapar-token": "receipts-tokeN" }]) {
    const parsed = parseKaleyraReceipts(config, report(headers));
    assert.ok(!parsed.ok && parsed.refused === "unverified");
  }
});

test("Kaleyra's words that we do not know, and reports of nothing, are passed over", () => {
  for (const item of [
    { id: "m", status: "Submitted" },
    { status: "Delivered" },
    { id: "m" },
    {},
    { id: {}, status: [] },
  ])
    assert.deepEqual(good(parseKaleyraReceipts(kaleyra, json(item))).receipts, []);
  for (const body of ["{broken", "12", '"text"']) {
    const parsed = parseKaleyraReceipts(kaleyra, request({ body: Buffer.from(body) }));
    assert.ok(!parsed.ok && parsed.refused === "unreadable");
  }
  const long = good(parseKaleyraReceipts(kaleyra, json({ id: million, status: "Failed", error: million })));
  assert.ok(JSON.stringify(long.receipts).length < 2_000);
});

test("who answers a stop word to Kaleyra wants no more", () => {
  const said = { source: "+91 98765 43210", recipient: "919800000000", message: " Stop ", status: "SENT" };
  assert.deepEqual(good(parseKaleyraReceipts(kaleyra, json(said))).wishes, [
    { address: "919876543210", wants: "stop", said: "Stop" },
  ]);
});

test("Kavenegar's states become ours", () => {
  const cases = [
    ["1", null],
    ["4", "sent"],
    ["5", "sent"],
    ["6", "failed"],
    ["10", "delivered"],
    ["11", "failed"],
    ["13", "failed"],
    ["14", "failed"],
    ["100", null],
    ["", null],
  ] as const;
  for (const [status, state] of cases) {
    const [receipt] = good(
      parseKavenegarReceipts(kavenegar, form({ messageid: "8792343", status })),
    ).receipts;
    assert.equal(receipt?.state ?? null, state, status);
    if (receipt) assert.deepEqual(receipt.subject, { providerId: "8792343" });
    assert.equal(receipt?.hasLeft ?? false, status === "14");
    assert.equal(receipt?.isUnreachable ?? false, status === "11");
  }
});

test("Kavenegar reports in JSON too, and says what was written to the line", () => {
  assert.equal(
    good(parseKavenegarReceipts(kavenegar, json({ messageid: 8792343, status: 10 }))).receipts.length,
    1,
  );
  for (const message of ["لغو۱۱", "لغو11", "لغو"])
    assert.deepEqual(
      good(
        parseKavenegarReceipts(
          kavenegar,
          form({ messageid: "1", from: "09121234567", to: "10004346", message }),
        ),
      ).wishes,
      [{ address: "989121234567", wants: "stop", said: message }],
    );
  const other = form({ messageid: "1", from: "09121234567", to: "10004346", message: "سلام" });
  assert.deepEqual(good(parseKavenegarReceipts(kavenegar, other)), { ok: true, receipts: [], wishes: [] });
  assert.ok(!parseKavenegarReceipts(kavenegar, request({ body: Buffer.from("{") })).ok);
});

const sign = (url: string, fields: Record<string, string>) =>
  createHmac("sha1", twilio.authToken)
    .update(
      url +
        Object.keys(fields)
          .sort()
          .map((name) => name + fields[name])
          .join(""),
    )
    .digest("base64");

const signed = (
  fields: Record<string, string>,
  changes: Partial<ReceiptRequest> = {},
  signature?: string,
) => {
  const url = changes.url ?? "https://chapar.example/r?delivery=d-1";
  return form(fields, {
    query: { delivery: "d-1" },
    ...{ ...changes, url },
    headers: { "content-type": formType, "x-twilio-signature": signature ?? sign(url, fields) },
  });
};

test("Twilio's own example of a signature is good", () => {
  // https://www.twilio.com/docs/usage/webhooks/webhooks-security
  const config = { ...twilio, authToken: "12345" };
  const fields = {
    ...{ CallSid: "CA1234567890ABCDE", Caller: "+14158675310", Digits: "1234", From: "+14158675310" },
    To: "+18005551212",
  };
  const url = "https://example.com/myapp.php?foo=1&bar=2";
  assert.ok(parseTwilioReceipts(config, signed(fields, { url }, "L/OH5YylLD5NRKLltdqwSvS0BnU=")).ok);
});

test("Twilio's reports are believed with its signature alone", () => {
  const fields = { MessageSid: "SM1", MessageStatus: "delivered", To: "+98912", From: "+1500" };
  const [receipt] = good(parseTwilioReceipts(twilio, signed(fields))).receipts;
  assert.deepEqual(receipt, {
    ...{
      subject: { deliveryId: "d-1" },
      state: "delivered",
      at: null,
      code: null,
      detail: null,
      isGone: false,
    },
  });
  const withPort = sign("https://chapar.example:443/r?delivery=d-1", fields);
  assert.ok(parseTwilioReceipts(twilio, signed(fields, {}, withPort)).ok);
  for (const bad of [
    signed(fields, {}, "bm90IGEgc2lnbmF0dXJl"),
    signed({ ...fields, MessageStatus: "read" }, {}, sign("https://chapar.example/r?delivery=d-1", fields)),
    signed(fields, {}, sign("https://chapar.example/r?delivery=d-2", fields)),
    form(fields),
  ]) {
    const parsed = parseTwilioReceipts(twilio, bad);
    assert.ok(!parsed.ok && parsed.refused === "unverified");
  }
});

test("Twilio's reports in JSON are signed by their hash", () => {
  const body = Buffer.from('{"MessageSid":"SM1","MessageStatus":"sent"}');
  const hash = createHash("sha256").update(body).digest("hex");
  const url = `https://chapar.example/r?bodySHA256=${hash}`;
  const report = (text: Buffer) =>
    request({
      ...{ url, query: { bodySHA256: hash }, body: text },
      headers: { "content-type": "application/json", "x-twilio-signature": sign(url, {}) },
    });
  assert.deepEqual(good(parseTwilioReceipts(twilio, report(body))).receipts[0]?.subject, {
    providerId: "SM1",
  });
  const parsed = parseTwilioReceipts(
    twilio,
    report(Buffer.from('{"MessageSid":"SM2","MessageStatus":"sent"}')),
  );
  assert.ok(!parsed.ok && parsed.refused === "unverified");
});

test("Twilio's words and codes become ours", () => {
  const read = (MessageStatus: string, ErrorCode = "") =>
    good(parseTwilioReceipts(twilio, signed({ MessageSid: "SM1", MessageStatus, ErrorCode }))).receipts[0] ??
    null;
  for (const word of ["accepted", "scheduled", "queued", "sending", "newWord"])
    assert.equal(read(word), null);
  assert.equal(read("read")?.state, "seen");
  assert.equal(read("canceled")?.state, "failed");
  assert.equal(read("undelivered", "30003")?.isUnreachable, true);
  assert.equal(read("undelivered", "30005")?.isGone, true);
  assert.equal(read("failed", "21610")?.hasLeft, true);
  assert.equal(read("failed", "99999")?.isGone, false);
});

test("answers to Twilio become wishes, by its own word where it has one, and nothing is said to them", () => {
  const wishOf = (Body: string, OptOutType?: string) => {
    const fields = {
      From: "+98 912 123 4567",
      Body,
      SmsStatus: "received",
      ...(OptOutType ? { OptOutType } : {}),
    };
    const parsed = good(parseTwilioReceipts(twilio, signed(fields)));
    assert.deepEqual(parsed.answer, { type: "text/xml", body: "<Response/>" });
    return parsed.wishes?.[0]?.wants ?? null;
  };
  assert.equal(wishOf("ARRET", "STOP"), "stop");
  assert.equal(wishOf("hi again", "START"), "resume");
  assert.equal(wishOf("stop", "HELP"), null);
  assert.equal(wishOf("StopAll"), "stop");
  assert.equal(wishOf("Start"), "resume");
  assert.equal(wishOf("please do not stop"), null);
  assert.equal(wishOf(million), null);
});
