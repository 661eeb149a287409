import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { ParsedReceipts, ReceiptRequest } from "../provider.ts";
import { dialog360Provider } from "./dialog360.ts";
import { Dialog360Config } from "./dialog360-config.ts";
import { kaleyraWhatsappProvider } from "./kaleyra.ts";
import { KaleyraWhatsappConfig } from "./kaleyra-config.ts";
import { metaProvider } from "./meta.ts";
import { MetaConfig } from "./meta-config.ts";

const meta = MetaConfig.parse({
  ...{ phoneNumberId: "106540352242922", wabaId: "102290129340398", accessToken: "token-0123456789" },
  ...{ appSecret: "app-secret-0123456789", verifyToken: "verify-0123456789" },
});
const kaleyra = KaleyraWhatsappConfig.parse({ sid: "HX1", apiKey: "key-0123456789", from: "919812345678" });

const request = (changes: Partial<ReceiptRequest>): ReceiptRequest => ({
  ...{ method: "POST", url: "https://chapar.example/r", query: {}, body: Buffer.alloc(0) },
  ...{ headers: { "content-type": "application/json" }, ...changes },
});
const good = (parsed: ParsedReceipts) => (parsed.ok ? parsed : assert.fail(parsed.detail));
const hmac = (secret: string, body: Buffer) => createHmac("sha256", secret).update(body).digest("hex");

const signedByMeta = (body: Buffer, signature = `sha256=${hmac(meta.appSecret, body)}`) =>
  request({ body, headers: { "content-type": "application/json", "x-hub-signature-256": signature } });
const change = (value: unknown, field = "messages") => ({
  ...{ object: "whatsapp_business_account", entry: [{ id: "1", changes: [{ field, value }] }] },
});
const fromMeta = (value: unknown, field?: string) =>
  good(metaProvider.parseReceipts(meta, signedByMeta(Buffer.from(JSON.stringify(change(value, field))))));

const status = (word: string, rest: Record<string, unknown> = {}) => ({
  ...{ id: "wamid.1", status: word, timestamp: "1698266945", recipient_id: "972987654321", ...rest },
});

test("Meta's statuses name the delivery, or what Meta called the message", () => {
  const { receipts } = fromMeta({
    statuses: [status("read", { biz_opaque_callback_data: "d-1" }), status("delivered")],
  });
  const at = new Date(1_698_266_945_000);
  assert.deepEqual(receipts, [
    { ...{ subject: { deliveryId: "d-1" }, state: "seen", at, code: null, detail: null, isGone: false } },
    {
      ...{
        subject: { providerId: "wamid.1" },
        state: "delivered",
        at,
        code: null,
        detail: null,
        isGone: false,
      },
    },
  ]);
});

test("words of a status become states, and unknown ones are passed over", () => {
  const words = ["sent", "delivered", "read", "played", "failed", "deleted", "pending", "toString", ""];
  const { receipts } = fromMeta({
    statuses: [...words.map((word) => status(word)), { status: "read" }, null, 7],
  });
  assert.deepEqual(
    receipts.map(({ state }) => state),
    ["sent", "delivered", "seen", "seen", "failed"],
  );
});

test("why a message failed is said, and what follows for its receiver", () => {
  const failure = (code: number) =>
    fromMeta({
      statuses: [
        status("failed", { errors: [{ code, title: "Title", error_data: { details: "Details of it" } }] }),
      ],
    }).receipts[0];
  assert.equal(failure(131050)?.hasLeft, true);
  assert.equal(failure(131026)?.isUnreachable, true);
  assert.match(failure(131049)?.detail ?? "", /^Details of it\. Meta held it back.*day/);
  for (const code of [130472, 199_999]) {
    const receipt = failure(code);
    assert.equal(receipt?.code, String(code));
    assert.ok(!receipt?.hasLeft && !receipt?.isUnreachable && !receipt?.isGone);
  }
});

test("several entries and changes are read from one report, and what is in none is nothing", () => {
  const one = change({ statuses: [status("sent")] }).entry[0];
  const body = Buffer.from(JSON.stringify({ entry: [one, one, { changes: [{}, null] }, null] }));
  assert.equal(good(metaProvider.parseReceipts(meta, signedByMeta(body))).receipts.length, 2);
  for (const text of ["{}", "[]", '{"entry":{}}', '{"entry":[{"changes":[{"value":[]}]}]}'])
    assert.deepEqual(good(metaProvider.parseReceipts(meta, signedByMeta(Buffer.from(text)))), {
      ...{ ok: true, receipts: [], wishes: [], people: [], templates: [] },
    });
});

test("Meta is believed with its signature alone", () => {
  const body = Buffer.from(JSON.stringify(change({ statuses: [status("sent")] })));
  const other = Buffer.from(JSON.stringify(change({ statuses: [status("read")] })));
  for (const bad of [
    request({ body }),
    signedByMeta(body, "sha256="),
    signedByMeta(body, `sha256=${hmac("another-secret", body)}`),
    signedByMeta(other, `sha256=${hmac(meta.appSecret, body)}`),
  ]) {
    const parsed = metaProvider.parseReceipts(meta, bad);
    assert.ok(!parsed.ok && parsed.refused === "unverified");
  }
  const broken = metaProvider.parseReceipts(meta, signedByMeta(Buffer.from("{broken")));
  assert.ok(!broken.ok && broken.refused === "unreadable");
});

test("a report of a megabyte is read", () => {
  const statuses = Array.from({ length: 5_000 }, (_, index) =>
    status("read", { biz_opaque_callback_data: `d-${index}`, conversation: { id: "x".repeat(100) } }),
  );
  const body = Buffer.from(JSON.stringify(change({ statuses })));
  assert.ok(body.length > 1_000_000);
  assert.equal(good(metaProvider.parseReceipts(meta, signedByMeta(body))).receipts.length, 5_000);
});

test("Meta's question whether the address is ours is answered to who knows the token", () => {
  const ask = (query: Record<string, string>) =>
    metaProvider.parseReceipts(meta, request({ method: "GET", query }));
  const asked = {
    "hub.mode": "subscribe",
    "hub.verify_token": meta.verifyToken,
    "hub.challenge": "1158201444",
  };
  assert.deepEqual(ask(asked), {
    ...{ ok: true, receipts: [], answer: { type: "text/plain", body: "1158201444" } },
  });
  const wrong = ask({ ...asked, "hub.verify_token": "guess" });
  assert.ok(!wrong.ok && wrong.refused === "unverified");
  assert.ok(!ask({}).ok);
});

test("people who write or are written to are known by phone and by WhatsApp's id", () => {
  const { people } = fromMeta({
    contacts: [
      { wa_id: "972987654321", user_id: "IL.1349", profile: { name: "Noa" } },
      { user_id: "IL.1350" },
      { wa_id: "972987654322" },
      { wa_id: "972987654323", user_id: "1351" },
    ],
    statuses: [status("sent", { recipient_user_id: "IL.1349" })],
  });
  assert.deepEqual(people, [{ phone: "972987654321", whatsappId: "IL.1349" }]);
});

test("the switch of a chat, stop words and buttons are wishes", () => {
  const wishes = (value: Record<string, unknown>, field?: string) => fromMeta(value, field).wishes ?? [];
  const preference = (value: string, rest = {}) => ({
    ...{ wa_id: "16505551234", category: "marketing_messages", value, detail: "User requested it", ...rest },
  });
  assert.deepEqual(
    wishes(
      { user_preferences: [preference("stop"), preference("resume"), preference("new")] },
      "user_preferences",
    ),
    [
      { address: "16505551234", wants: "stop", said: "User requested it" },
      { address: "16505551234", wants: "resume", said: "User requested it" },
    ],
  );
  assert.equal(
    wishes({ user_preferences: [preference("stop", { wa_id: undefined, user_id: "US.1349" })] })[0]?.address,
    "US.1349",
  );
  const from = { from: "16505551234", id: "wamid.2", timestamp: "1698266945" };
  for (const message of [
    { ...from, type: "text", text: { body: "Stop" } },
    { ...from, type: "button", button: { text: "Stop promotions", payload: "p" } },
    { ...from, type: "button", button: { text: "Genug", payload: "STOP" } },
    { ...from, type: "interactive", interactive: { button_reply: { id: "b", title: "لغو۱۱" } } },
  ])
    assert.equal(wishes({ messages: [message] })[0]?.wants, "stop", JSON.stringify(message));
  assert.deepEqual(
    wishes({ messages: [{ ...from, type: "text", text: { body: "stop please" } }, { type: "image" }] }),
    [],
  );
});

test("templates that changed are told", () => {
  const news = (value: Record<string, unknown>) =>
    fromMeta(
      { message_template_name: "sale", message_template_language: "pt-BR", ...value },
      "message_template_status_update",
    ).templates;
  assert.deepEqual(news({ event: "PAUSED", reason: "NONE", other_info: { title: "FIRST_PAUSE" } }), [
    { name: "sale", language: "pt_BR", status: "paused", detail: "FIRST_PAUSE" },
  ]);
  assert.deepEqual(news({ event: "APPROVED", reason: null }), [
    { name: "sale", language: "pt_BR", status: "approved", detail: null },
  ]);
  assert.deepEqual(news({ event: "FLAGGED" }), []);
});

test("360dialog is believed with what the account expects of it", () => {
  const body = Buffer.from(JSON.stringify(change({ statuses: [status("read")] })));
  const secrets = { webhookToken: "webhook-0123456789", platformSecret: "platform-0123456789" };
  const parse = (expected: Partial<typeof secrets>, headers: Record<string, string>) =>
    dialog360Provider.parseReceipts(
      Dialog360Config.parse({ apiKey: "key-0123456789", ...expected }),
      request({ body, headers: { "content-type": "application/json", ...headers } }),
    );
  const { webhookToken, platformSecret } = secrets;
  const signature = hmac(platformSecret, body);
  assert.equal(good(parse({}, {})).receipts[0]?.state, "seen");
  for (const authorization of [webhookToken, `Bearer ${webhookToken}`])
    assert.ok(parse({ webhookToken }, { authorization }).ok);
  for (const given of [signature, `sha256=${signature}`, signature.toUpperCase()])
    assert.ok(parse({ platformSecret }, { "x-360dialog-signature": given }).ok);
  for (const headers of [
    {},
    { authorization: "another" },
    { authorization: webhookToken },
    { "x-360dialog-signature": signature },
    { authorization: webhookToken, "x-360dialog-signature": hmac("another", body) },
  ] as Record<string, string>[]) {
    const parsed = parse(secrets, headers);
    assert.ok(!parsed.ok && parsed.refused === "unverified");
  }
  assert.ok(parse(secrets, { authorization: webhookToken, "x-360dialog-signature": signature }).ok);
});

const fromKaleyra = (report: unknown, changes: Partial<ReceiptRequest> = {}) =>
  good(
    kaleyraWhatsappProvider.parseReceipts(
      kaleyra,
      request({ body: Buffer.from(JSON.stringify(report)), ...changes }),
    ),
  );

test("Kaleyra's second version reports what Meta does, and names the delivery beside it", () => {
  const report = {
    meta_object: { value: { statuses: [status("delivered", { id: "kaleyra-1" })] }, field: "messages" },
    ...{ extra_info: { ref: "d-1", message_id: "wamid.1" }, status: "delivered", message_id: "wamid.1" },
  };
  assert.deepEqual(
    fromKaleyra(report).receipts.map(({ subject, state }) => [subject, state]),
    [[{ deliveryId: "d-1" }, "delivered"]],
  );
  assert.deepEqual(fromKaleyra({ ...report, extra_info: {} }).receipts[0]?.subject, {
    providerId: "kaleyra-1",
  });
});

test("Kaleyra's callback profiles report in words of their own", () => {
  const cases = [
    ["SENT", "sent"],
    ["NOT-SENT", "failed"],
    ["not-sent", "failed"],
    ["READ", "seen"],
    ["FAILED", "failed"],
    ["QUEUED", null],
  ] as const;
  for (const [word, state] of cases) {
    const byJson = fromKaleyra({ id: "k-1", status: word, to: "919", ts: "1698266945" }).receipts[0];
    assert.equal(byJson?.state ?? null, state);
    const byQuery = fromKaleyra({}, { method: "GET", query: { id: "k-1", status: word, delivery: "d-1" } });
    assert.equal(byQuery.receipts[0]?.state ?? null, state);
    if (state) assert.deepEqual(byQuery.receipts[0]?.subject, { deliveryId: "d-1" });
  }
  assert.deepEqual(fromKaleyra({ from: "919812345670", type: "text", body: "Stop", name: "Asha" }).wishes, [
    { address: "919812345670", wants: "stop", said: "Stop" },
  ]);
  const template = { event: "PAUSED", message_template_name: "sale", message_template_language: "en" };
  assert.equal(fromKaleyra(template).templates?.[0]?.status, "paused");
});
