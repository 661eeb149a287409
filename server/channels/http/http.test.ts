import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { nilUuid } from "../../lib/keys.ts";
import { startStandInProvider } from "../../testing/stand-in-provider.ts";
import { statusRow, testProvider } from "../provider.contract.ts";
import type { Outbound } from "../provider.ts";
import { HttpConfig } from "./config.ts";
import { httpProvider } from "./http.ts";

const never = new AbortController().signal;
const outside = { allowsPrivate: true };

const message: Outbound = {
  ...{
    deliveryId: "0b6a2d1e-0000-4000-8000-000000000001",
    messageId: "m",
    channel: "sms",
    to: "989121234567",
  },
  ...{ tokenService: null, userId: "u/1", subject: null, content: 'سلام "دنیا"\n', data: { a: 1 } },
  ...{
    notification: null,
    trackId: null,
    expiresAt: null,
    push: null,
    email: null,
    template: null,
    deliveryUuid: nilUuid,
  },
};

const body = '{"to": {{ to | json }}, "text": {{ content | json }}, "deliveryId": {{ deliveryId | json }}}';

const secret = "sk-very-secret-0123456789";

testProvider("http", {
  provider: httpProvider,
  start: () => startStandInProvider(),
  configFor: ({ url }, { timeoutMs }) =>
    HttpConfig.parse({
      ...{
        url: `${url}?key={{ secrets.key }}`,
        headers: { authorization: `Bearer ${secret}` },
        secrets: { key: secret },
      },
      ...{ body, timeoutMs, idPath: "id", codePath: "code", detailPath: "error" },
    }),
  messageFor: () => message,
  deliveryOf: ({ deliveryId }) => deliveryId,
  request: ({ to, content, deliveryId }) => ({
    ...{ method: "POST", url: `/messages?key=${secret}` },
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: { to, text: content, deliveryId },
  }),
  providerId: /^m-0b6a2d1e-/,
  throttled: "throttle",
  privateAddress: "misconfigured",
  secretsOf: () => [secret],
  checkConnects: true,
  errors: [
    ...[500, 502, 503, 408].map((status) => statusRow(status, "retry")),
    ...[401, 402, 403].map((status) => statusRow(status, "misconfigured")),
    ...[400, 404, 422].map((status) => statusRow(status, "rejected")),
    statusRow(504, "unknown"),
    statusRow(500, "unknown", { body: "<html>" }),
    statusRow(502, "unknown", { body: "" }),
    statusRow(429, "throttle"),
    { name: "a dead address", fault: { kind: "gone" }, kind: "gone", cause: "unregistered" },
  ],
});

const open = (config: Record<string, unknown>) =>
  httpProvider.open(HttpConfig.parse(config), outside, { connections: 2 });

test("values are encoded for the place they stand in, and no line break reaches a header", async (t) => {
  const standIn = await startStandInProvider();
  t.after(() => standIn.stop());
  const sender = open({
    url: `${standIn.url}/{{ userId }}?to={{ to }}&text={{ content }}`,
    headers: { "x-text": "a {{ data.words }}", "x-delivery-id": "{{ deliveryId }}" },
    body,
  });
  t.after(() => sender.close());
  const outcome = await sender.send({ ...message, data: { words: "b\r\nx-evil: 1" } }, never);
  assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
  const seen = standIn.last();
  assert.equal(seen?.url, `/messages/u%2F1?to=989121234567&text=${encodeURIComponent(message.content)}`);
  assert.equal(seen?.headers["x-text"], "a b x-evil: 1");
  assert.equal(seen?.headers["x-evil"], undefined);
  assert.deepEqual(seen?.body, { to: message.to, text: message.content, deliveryId: message.deliveryId });

  const persian = await sender.send({ ...message, data: { words: "سلام" } }, never);
  assert.equal(persian.kind, "rejected");
  assert.match("detail" in persian ? persian.detail : "", /header x-text has letters .* url_encode/);
});

test("a GET has everything in its address and no body", async (t) => {
  const standIn = await startStandInProvider();
  t.after(() => standIn.stop());
  const sender = open({ method: "GET", url: `${standIn.url}?n={{ to }}`, idPath: "id" });
  t.after(() => sender.close());
  assert.deepEqual(await sender.send(message, never), { kind: "accepted", providerId: "m-1" });
  assert.deepEqual(
    [standIn.last()?.method, standIn.last()?.url, standIn.last()?.text],
    ["GET", "/messages?n=989121234567", ""],
  );
});

test("success can be a word in the answer, and codes mean what the account says", async (t) => {
  const standIn = await startStandInProvider();
  t.after(() => standIn.stop());
  const sender = open({
    ...{ url: standIn.url, body, codePath: "error.code", detailPath: "error.text", idPath: "messages.0.id" },
    success: { path: "status", equals: ["queued", 0] },
    outcomes: { gone: ["E7"], throttle: ["E9"], misconfigured: ["12", 418], unknown: [502] },
  });
  t.after(() => sender.close());
  const cases: [number, unknown, string][] = [
    [200, { status: "queued", messages: [{ id: 42 }] }, "accepted"],
    [201, { status: 0 }, "accepted"],
    [200, { status: "failed", error: { code: "E7", text: "no such number" } }, "gone"],
    [400, { error: { code: "E9" } }, "throttle"],
    [200, { status: 1, error: { code: 12, text: "no credit" } }, "misconfigured"],
    [200, { status: 1 }, "rejected"],
    [200, "<html>", "unknown"],
    [418, {}, "misconfigured"],
    [502, {}, "unknown"],
    [302, {}, "rejected"],
  ];
  for (const [status, answer, kind] of cases) {
    standIn.plan(() => ({ kind: "status", status, body: answer }));
    const outcome = await sender.send(message, never);
    assert.equal(outcome.kind, kind, JSON.stringify([status, answer, outcome]));
    if (kind === "gone")
      assert.ok(
        "detail" in outcome && outcome.code === "E7" && outcome.detail.endsWith("code E7: no such number"),
      );
    if (status === 200 && kind === "accepted")
      assert.equal("providerId" in outcome && outcome.providerId, "42");
  }
});

test("redirects are not followed, and an answer without an end is not read to its end", async (t) => {
  const elsewhere = await startStandInProvider();
  t.after(() => elsewhere.stop());
  const server = createServer((request, response) => {
    if (request.url === "/redirect") return response.writeHead(307, { location: elsewhere.url }).end();
    response.writeHead(200);
    const write = () => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
    };
    response.on("drain", write);
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirected = open({ url: `${base}/redirect`, body });
  const endless = open({ url: `${base}/endless`, body, idPath: "id" });
  t.after(() => Promise.all([redirected.close(), endless.close()]));
  assert.equal((await redirected.send(message, never)).kind, "rejected");
  assert.equal(elsewhere.requests(), 0);
  assert.deepEqual(await endless.send(message, never), { kind: "accepted", providerId: null });
});

test("a name that is resolved to loopback is refused where private addresses are", async () => {
  const sender = httpProvider.open(
    HttpConfig.parse({ url: "http://localhost:9/", body }),
    { allowsPrivate: false },
    { connections: 1 },
  );
  const outcome = await sender.send(message, never);
  assert.equal(outcome.kind, "misconfigured");
  assert.match(
    "detail" in outcome ? outcome.detail : "",
    /^localhost \((127\.0\.0\.1|::1)\) is not a public address/,
  );
  await sender.close();
});

test("a name that does not exist is retry, and the check says so", async () => {
  const sender = open({ url: "https://no-such-host.invalid/", body });
  const outcome = await sender.send(message, never);
  assert.equal(outcome.kind, "retry", JSON.stringify(outcome));
  const { ok, detail } = await sender.check(never);
  assert.equal(ok, false);
  assert.match(detail, /no-such-host\.invalid/);
  await sender.close();
});

test("what is wrong with a config is said at its place, with a cure", () => {
  const good = { url: "https://sms.example.com/send", body };
  const cases: [Record<string, unknown>, string, RegExp][] = [
    [{ url: "https://{{ to }}/" }, "url", /needs a fixed host/],
    [{ url: "https://sms.example.com{{ to }}/" }, "url", /needs a fixed host/],
    [{ url: "https://me:pw@sms.example.com/" }, "url", /credentials belong in headers or secrets/],
    [{ url: "ftp://sms.example.com/" }, "url", /needs a fixed host/],
    [{ url: "https://sms.example.com/a b" }, "url", /%20/],
    [{ body: '{"text": "{{ content }}"}' }, "body", /filter json/],
    [{ body: '{"text": {{ contnet | json }}}' }, "body", /no variable contnet, did you mean content\?/],
    [
      { body: '{"k": {{ secrets.apiKye | json }}}', secrets: { apiKey: "x" } },
      "body",
      /no secret apiKye, did you mean apiKey\?/,
    ],
    [{ body: "{{ to" }, "body", /line 1, column 1: .*not closed/],
    [{ headers: { "x-a": "a\r\nb: c" } }, "headers.x-a", /line breaks/],
    [{ headers: { Host: "a" } }, "headers.Host", /leave it out/],
    [{ headers: { "x a": "b" } }, "headers.x a", /not a name of a header/],
    [{ method: "GET" }, "body", /no place in a GET/],
    [{ success: { path: "ok" } }, "success", /both path and equals/],
    [{ outcomes: { retry: [7] } }, "outcomes.retry.0", /./],
    [
      {
        receipts: {
          ...{ subject: "deliveryId", idPath: "id", statusPath: "s", statuses: { ok: "sent" } },
          verification: { kind: "header", header: "x-key" },
        },
      },
      "receiptsSecret",
      /is missing/,
    ],
    [{ speed: 1 }, "", /speed/],
  ];
  assert.ok(HttpConfig.safeParse(good).success);
  for (const [change, place, words] of cases) {
    const issues = HttpConfig.safeParse({ ...good, ...change }).error?.issues ?? [];
    const found = issues.find((issue) => issue.path.join(".") === place && words.test(issue.message));
    assert.ok(found, JSON.stringify([change, issues]));
  }
});
