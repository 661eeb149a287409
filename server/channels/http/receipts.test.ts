import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { ReceiptRequest } from "../provider.ts";
import { HttpConfig } from "./config.ts";
import { parseHttpReceipts } from "./receipts.ts";

const reading = {
  ...{ subject: "deliveryId", idPath: "ref", statusPath: "status", timePath: "at" },
  ...{ codePath: "error.code", detailPath: "error.text" },
  statuses: { DELIVRD: "delivered", READ: "seen", UNDELIV: "failed", ABSENT: "gone" },
};

const configOf = (receipts: Record<string, unknown>, receiptsSecret?: string) =>
  HttpConfig.parse({
    url: "https://sms.example.com/",
    receipts: { ...reading, ...receipts },
    receiptsSecret,
  });

const post = (body: string, headers: Record<string, string> = {}): ReceiptRequest => ({
  ...{ method: "POST", url: "https://chapar.example/", query: {}, body: Buffer.from(body) },
  headers: { "content-type": "application/json", ...headers },
});

const read = (config: HttpConfig, request: ReceiptRequest) => {
  const parsed = parseHttpReceipts(config, request);
  return parsed.ok ? parsed.receipts : assert.fail(parsed.detail);
};

test("a report says which delivery, what became of it, when and why", () => {
  const body = {
    ref: "d-1",
    status: "ABSENT",
    at: "2026-03-01T10:00:00Z",
    error: { code: 27, text: "no such phone" },
  };
  assert.deepEqual(read(configOf({}), post(JSON.stringify(body))), [
    {
      ...{ subject: { deliveryId: "d-1" }, state: "failed", at: new Date("2026-03-01T10:00:00Z") },
      ...{ code: "27", detail: "no such phone", isGone: true },
    },
  ]);
});

test("times are ISO 8601, seconds or milliseconds; what is none is not guessed", () => {
  const timeOf = (at: unknown) =>
    read(configOf({}), post(JSON.stringify({ ref: "d", status: "READ", at })))[0]?.at?.toISOString() ?? null;
  assert.equal(timeOf("2026-03-01T10:00:00+03:30"), "2026-03-01T06:30:00.000Z");
  for (const at of [1_772_359_200, "1772359200", 1_772_359_200_000])
    assert.equal(timeOf(at), "2026-03-01T10:00:00.000Z");
  for (const at of [null, "", "yesterday", 1e20, {}]) assert.equal(timeOf(at), null);
});

test("a list is read item by item, and what is not mapped or has no id is passed over", () => {
  const items = [
    { ref: "a", status: "DELIVRD" },
    { ref: "b", status: "ACCEPTED" },
    { status: "READ" },
    null,
    { ref: 7, status: "READ" },
  ];
  const config = configOf({ list: "data.reports", subject: "providerId" });
  assert.deepEqual(
    read(config, post(JSON.stringify({ data: { reports: items } }))).map(({ subject, state }) => [
      subject,
      state,
    ]),
    [
      [{ providerId: "a" }, "delivered"],
      [{ providerId: "7" }, "seen"],
    ],
  );
  assert.equal(read(configOf({}), post(JSON.stringify(items))).length, 2);
});

test("forms and addresses are read like JSON", () => {
  const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const expected = [{ deliveryId: "a b" }];
  assert.deepEqual(
    read(configOf({}), post("ref=a+b&status=READ", form)).map(({ subject }) => subject),
    expected,
  );
  const get = { ...post(""), method: "GET", query: { ref: "a b", status: "READ" } };
  assert.deepEqual(
    read(configOf({}), get).map(({ subject }) => subject),
    expected,
  );
});

test("a report is believed only with the secret or its signature", () => {
  const secret = "s-12345678";
  const body = '{"ref":"d","status":"READ"}';
  const hmac = (encoding: "hex" | "base64") => createHmac("sha256", secret).update(body).digest(encoding);
  const hex = { kind: "hmac", header: "X-Signature", prefix: "sha256=" };
  const cases: [boolean, Record<string, unknown>, Record<string, string>][] = [
    [true, { kind: "header", header: "X-Key" }, { "x-key": secret }],
    [false, { kind: "header", header: "X-Key" }, { "x-key": `${secret}x` }],
    [false, { kind: "header", header: "X-Key" }, {}],
    [true, hex, { "x-signature": `sha256=${hmac("hex")}` }],
    [true, hex, { "x-signature": `sha256=${hmac("hex").toUpperCase()}` }],
    [false, hex, { "x-signature": hmac("hex") }],
    [false, hex, { "x-signature": `sha256=${hmac("base64")}` }],
    [true, { kind: "hmac", header: "x-signature", encoding: "base64" }, { "x-signature": hmac("base64") }],
    [
      false,
      { kind: "hmac", header: "x-signature", encoding: "base64" },
      { "x-signature": hmac("base64").toLowerCase() },
    ],
  ];
  for (const [isGood, verification, headers] of cases) {
    const parsed = parseHttpReceipts(configOf({ verification }, secret), post(body, headers));
    assert.equal(parsed.ok, isGood, JSON.stringify([verification, headers]));
    if (!parsed.ok) assert.equal(parsed.refused, "unverified");
  }
});

test("what cannot be read is said to be so", () => {
  for (const [config, body] of [
    [configOf({}), "{broken"],
    [configOf({ list: "reports" }), '{"reports":{}}'],
    [HttpConfig.parse({ url: "https://sms.example.com/" }), "{}"],
  ] as const) {
    const parsed = parseHttpReceipts(config, post(body));
    assert.ok(!parsed.ok && parsed.refused === "unreadable" && parsed.detail.length > 10);
  }
});
