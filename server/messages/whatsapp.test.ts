import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import sql from "sql-template-tag";
import { insertApp } from "../accounts/apps.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { call, until } from "../testing/product.ts";
import {
  addUsers,
  countRows,
  countsOf,
  phoneOf,
  reportsAreApplied,
  startCampaigning,
} from "../testing/sending.ts";
import type { SeenRequest } from "../testing/stand-ins/faults.ts";
import { startWhatsappStandIn } from "../testing/stand-ins/whatsapp.ts";

const hello = (more: object = {}) => ({
  content: "",
  whatsapp: { template: "hello", language: "en", body: { 1: "{{ user.first_name }}" }, ...more },
});

/** A product with an account at Meta or 360dialog; `sent` are the messages that came there, by their phone or id. */
async function startWhatsapp(
  t: TestContext,
  { provider = "meta", config = {} }: { provider?: "meta" | "360dialog"; config?: object } = {},
) {
  const standIn = await startWhatsappStandIn();
  t.after(() => standIn.stop());
  const campaigning = await startCampaigning(t, {
    ...{ channel: "whatsapp", provider },
    config: { ...standIn.credentials[provider], baseUrl: standIn.url, ...config },
  });
  // biome-ignore lint/suspicious/noExplicitAny: the wire's own shape
  const sent = new Map<string, any>();
  const isMessage = ({ method, url }: SeenRequest) => method === "POST" && url.endsWith("/messages");
  standIn.plan((request) => {
    if (isMessage(request)) sent.set(String(request.body.to ?? request.body.recipient), request.body);
    return null;
  });
  const references = () =>
    new Map([...sent].map(([to, body]) => [to, String(body.biz_opaque_callback_data)]));
  return { ...campaigning, standIn, sent, references, isMessage };
}

test("a template goes to everybody in their language, with their own values made legal", async (t) => {
  const { product, sent, broadcast, messageThat } = await startWhatsapp(t);
  await addUsers(product, 5);
  const set = (id: string, change: string) =>
    product.db.query({ text: `update users set ${change} where user_id = $1`, values: [id] } as never);
  await set("u1", "language = 'fa-IR'");
  await set("u2", `attributes = jsonb_build_object('first_name', E'Sara\\n\\tAhmadi      Rad')`);
  await set("u3", "attributes = '{}'");
  await set("u4", "phone = null, whatsapp_id = 'IR.1349120655'");
  const id = await broadcast(hello({ otherLanguages: ["fa"] }));
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 5, sent: 4, skipped: 1 });
  assert.deepEqual(
    message.reasons.map(({ reason }) => reason),
    ["missing_variable"],
  );
  const templateOf = (to: string) => sent.get(to)?.template;
  assert.deepEqual(templateOf(phoneOf("u0")), {
    ...{ name: "hello", language: { code: "en" } },
    components: [{ type: "body", parameters: [{ type: "text", text: "Name u0" }] }],
  });
  assert.equal(templateOf(phoneOf("u1"))?.language.code, "fa");
  assert.equal(templateOf(phoneOf("u2"))?.components[0].parameters[0].text, "Sara Ahmadi Rad");
  assert.equal(templateOf("IR.1349120655")?.components[0].parameters[0].text, "Name u4");
  assert.equal(message.content, "Hi {{ user.first_name }}, have a look at what is new");
  assert.deepEqual(message.whatsapp, {
    ...{ template: "hello", languages: ["en", "fa"] },
    look: {
      ...{ header: null, body: message.content, footer: "Shop" },
      buttons: [{ kind: "quick_reply", text: "Stop promotions" }],
    },
  });
});

test("templates are known with what became of them, and only what can be sent is launched", async (t) => {
  const { product, standIn, account } = await startWhatsapp(t);
  const read = async () => (await product.call("GET", "/api/providers/templates")).body;
  const { accounts, templates } = await read();
  assert.deepEqual([accounts.length, accounts[0].failure, accounts[0].id], [1, null, account.id]);
  const statusOf = (list: typeof templates, name: string) =>
    list.find((template: { name: string }) => template.name === name)?.status;
  assert.deepEqual(
    [statusOf(templates, "hello"), statusOf(templates, "paused_offer")],
    ["approved", "paused"],
  );
  const launch = async (content: object) => {
    const draft = await product.call("POST", "/api/campaigns", {
      ...{ name: "W", channel: "whatsapp", content, target: {} },
    });
    assert.equal(draft.status, 201, JSON.stringify(draft.body));
    return product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
  };
  const faultsOf = async (content: object) =>
    ((await launch(content)).body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
  assert.deepEqual(await faultsOf({ content: "Hi" }), ["/content/whatsapp"]);
  assert.deepEqual(await faultsOf(hello({ template: "paused_offer" })), ["/content/whatsapp/language"]);
  assert.deepEqual(await faultsOf(hello({ body: {} })), ["/content/whatsapp/body/1"]);
  assert.deepEqual(
    await faultsOf({ ...hello(), fallback: { media: "sms", content: "Hi", delay: 60 } }),
    ["/content/fallback"],
    "nothing follows on WhatsApp",
  );
  assert.deepEqual(await faultsOf(hello({ body: { 1: "{{ user.first_name" } })), [
    "/content/whatsapp/body/1",
  ]);

  await standIn.reportChange(account.receiptsUrl, "message_template_status_update", {
    ...{ event: "PAUSED", message_template_id: 1, message_template_name: "hello" },
    ...{ message_template_language: "en", reason: "LOW_QUALITY" },
  });
  await reportsAreApplied(product);
  const told = (await read()).templates.find(
    (one: { name: string; language: string }) => one.name === "hello" && one.language === "en",
  );
  assert.deepEqual([told.status, told.statusDetail], ["paused", "LOW_QUALITY"]);
  const again = await product.call("POST", `/api/providers/${account.id}/templates/refresh`);
  assert.equal(statusOf(again.body.templates, "hello"), "approved");
  assert.equal((await launch(hello())).status, 200);
});

test("templates that could not be fetched are asked for again soon, and the failure is said", async (t) => {
  const { product, standIn } = await startWhatsapp(t);
  standIn.plan({ kind: "status", status: 500 });
  const read = async () => (await product.call("GET", "/api/providers/templates")).body;
  const failed = await read();
  assert.equal(failed.templates.length, 0);
  assert.match(failed.accounts[0].failure, /answered 500/);
  assert.equal(failed.accounts[0].fetchedAt, null);
  standIn.plan(null);
  assert.equal((await read()).templates.length, 0, "nobody waits for it each time");
  await product.db.query(
    sql`update provider_accounts set templates_tried_at = now() - interval '30 seconds'`,
  );
  const found = await read();
  assert.ok(found.templates.length > 3);
  assert.equal(found.accounts[0].failure, null);
});

test("a template that is paused on the way pauses the message, and nobody is lost", async (t) => {
  const { product, standIn, sent, broadcast, messageThat } = await startWhatsapp(t);
  await addUsers(product, 300);
  await product.call("GET", "/api/providers/templates");
  const template = standIn.templates.all.find(({ name, language }) => name === "hello" && language === "en");
  assert.ok(template);
  standIn.templates.put({ ...template, status: "PAUSED" });
  const id = await broadcast(hello());
  const halted = await messageThat(id, ({ status }) => status === "paused");
  assert.equal(halted.hold?.kind, "halted");
  assert.match(halted.hold?.detail ?? "", /132015.*paused/i);
  assert.deepEqual(countsOf(halted), { targeted: 300, queued: 300 });
  standIn.templates.put(template);
  await product.call("POST", `/api/messages/${id}/resume`);
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual([countsOf(message), message.hold], [{ targeted: 300, sent: 300 }, null]);
  assert.equal(sent.size, 300);
});

test("360dialog's rate limit, which comes as a 400, slows the account and fails nobody", async (t) => {
  const { product, standIn, account, broadcast, messageThat, isMessage } = await startWhatsapp(t, {
    provider: "360dialog",
  });
  await addUsers(product, 120);
  let refused = 0;
  standIn.plan((request) =>
    isMessage(request) && refused++ < 40
      ? { kind: "status", status: 400, body: { meta: { developer_message: "endpoint rate limit exceeded" } } }
      : null,
  );
  const id = await broadcast(hello());
  const resting = await until(
    async () => (await product.call("GET", `/api/providers/${account.id}`)).body,
    ({ status, statusDetail }) => status === "resting" && statusDetail !== null,
  );
  assert.match(resting.statusDetail, /rate limit/);
  const message = await messageThat(id, ({ status }) => status === "finished", 60_000);
  assert.deepEqual(countsOf(message), { targeted: 120, sent: 120 });
  assert.ok([...standIn.accepted.values()].every((times) => times === 1));
});

test("receipts count in any order, and read without delivered; who left or is never reached is left alone", async (t) => {
  const { product, standIn, account, broadcast, messageThat, references } = await startWhatsapp(t);
  await addUsers(product, 8);
  const id = await broadcast(hello());
  await messageThat(id, ({ status }) => status === "finished");
  const report = (...said: [user: string, status: string, code?: number][]) =>
    standIn.report(
      account.receiptsUrl,
      said.map(([user, status, code]) => ({
        ...{ status, biz_opaque_callback_data: references().get(phoneOf(user)) ?? "" },
        ...(code === undefined
          ? {}
          : {
              errors: [
                { code, title: "Failed", message: "Failed", error_data: { details: "Not delivered" } },
              ],
            }),
      })),
    );
  assert.equal(await report(["u0", "read"], ["u1", "delivered"], ["u1", "sent"]), 200);
  await report(["u2", "failed", 131050], ["u3", "failed", 131026], ["u4", "failed", 131049]);
  // Two calls of the service, in either order: what counts is what they come to.
  const message = await messageThat(id, ({ counts }) => counts.failed === 3 && counts.seen === 1);
  assert.deepEqual(await countRows(product, id), { seen: 1, delivered: 1, failed: 3, sent: 3 });
  assert.deepEqual(message.reasons.map(({ code }) => code).sort(), ["131026", "131049", "131050"]);
  const wish = (value: "stop" | "resume", user: string) =>
    standIn.reportChange(account.receiptsUrl, "user_preferences", {
      messaging_product: "whatsapp",
      user_preferences: [{ wa_id: phoneOf(user), category: "marketing_messages", value, timestamp: 1 }],
    });
  await wish("stop", "u5");
  await wish("stop", "u6");
  await wish("resume", "u6");
  await standIn.reportChange(account.receiptsUrl, "messages", {
    ...{ messaging_product: "whatsapp", metadata: { phone_number_id: "1" } },
    contacts: [{ wa_id: phoneOf("u7"), user_id: "US.13491208655302741918" }],
    messages: [{ from: phoneOf("u7"), id: "wamid.1", timestamp: "1", type: "text", text: { body: "STOP" } }],
  });
  const left = async () => {
    const { rows } = await product.db.query<{ userId: string }>(
      sql`select user_id as "userId" from users where opted_out = '{whatsapp}' order by 1`,
    );
    return rows.map(({ userId }) => userId).join();
  };
  await until(left, (users) => users === "u2,u5,u7");
  assert.equal((await product.call("GET", "/api/users/u7")).body.whatsappId, "US.13491208655302741918");
  assert.equal((await product.call("GET", "/api/users/u6")).body.optedOut.length, 0);

  // Not reached five times within a fortnight: nobody is there.
  for (let time = 2; time <= 5; time++) {
    const next = await broadcast(hello(), { target: {} });
    await messageThat(next, ({ status }) => status === "finished");
    await report(["u3", "failed", 131026]);
    await messageThat(next, ({ counts }) => counts.failed === 1);
  }
  const last = await messageThat(await broadcast(hello()), ({ status }) => status === "finished");
  assert.deepEqual(last.reasons.map(({ reason }) => reason).sort(), ["opted_out", "suppressed"]);
  const [suppressed] = (await product.call("GET", "/api/suppressions?channel=whatsapp")).body.data;
  assert.equal(suppressed.address, phoneOf("u3"));
  assert.match(suppressed.detail, /5 messages were not delivered within 14 days/);
});

test("no more people are written to first in a day than the portfolio may, by all of its accounts", async (t) => {
  const limited = { portfolio: "shop", messagingLimit: 30 };
  const { product, standIn, account, broadcast, messageThat } = await startWhatsapp(t, { config: limited });
  await addUsers(product, 50);
  const id = await broadcast(hello());
  const waits = await messageThat(
    id,
    ({ hold, counts }) => hold?.kind === "account_waits" && counts.sent === 30,
  );
  assert.deepEqual(countsOf(waits), { targeted: 50, sent: 30, queued: 20 });
  assert.match(waits.hold?.detail ?? "", /within a day/);
  // A day later there is room for the others, and those who were written to count no more.
  await product.db.query(sql`update written_to set at = at - interval '25 hours'`);
  await product.call("POST", `/api/providers/${account.id}/resume`);
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 50, sent: 50 });
  assert.ok([...standIn.accepted.values()].every((times) => times === 1));
});

test("while nobody can say how many people were written to, messages wait and none is given up", async (t) => {
  const limited = { portfolio: "shop", messagingLimit: 1_000 };
  const { product, standIn, broadcast, messageThat } = await startWhatsapp(t, { config: limited });
  await addUsers(product, 20);
  await product.db.query(sql`alter table written_to rename to written_to_away`);
  const id = await broadcast(hello());
  const waits = await messageThat(id, ({ hold }) => hold?.kind === "account_waits");
  assert.deepEqual(countsOf(waits), { targeted: 20, queued: 20 });
  await product.db.query(sql`alter table written_to_away rename to written_to`);
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 20, sent: 20 });
  assert.ok([...standIn.accepted.values()].every((times) => times === 1));
});

test("one chat gets a message once, whichever of phone and WhatsApp's id its users are known by", async (t) => {
  const { product, standIn, broadcast, messageThat } = await startWhatsapp(t);
  await addUsers(product, 4);
  const set = (ids: string[], phone: string | null, whatsappId: string | null) =>
    product.db.query(sql`
      update users set phone = ${phone}, whatsapp_id = ${whatsappId} where user_id = any(${ids}::text[])`);
  await set(["u0", "u1"], null, "IR.1349120655");
  await set(["u2"], phoneOf("u2"), "IR.22");
  await set(["u3"], null, "IR.22");
  const message = await messageThat(await broadcast(hello()), ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 4, sent: 2, skipped: 2 });
  assert.deepEqual(
    message.reasons.map(({ reason, count }) => [reason, count]),
    [["repeated", 2]],
  );
  assert.equal(standIn.accepted.size, 2);
});

test("a test of an account says that its plain text is shown only to who has just written", async (t) => {
  const { product, account, sent } = await startWhatsapp(t);
  await addUsers(product, 1);
  const { status, body } = await product.call("POST", `/api/providers/${account.id}/test`, {
    ...{ userId: "u0", content: "Hello" },
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(sent.get(phoneOf("u0"))?.type, "text");
  assert.equal(body.results[0].ok, true);
  assert.match(body.results[0].detail, /within the last 24 hours.*campaign/);
});

test("another app sees no template, and fetches none", async (t) => {
  const { product, account } = await startWhatsapp(t);
  assert.ok((await product.call("GET", "/api/providers/templates")).body.templates.length > 0);
  const { app } = await insertApp(product.db, {
    ...{ appId: "other", name: "Other", timeZone: "UTC", now: new Date() },
  });
  const token = await createAccessToken(product.db, { appKey: app.appKey, name: "theirs" });
  const theirs = (method: string, path: string, body?: unknown) =>
    call(`${product.url}${path}`, method, { "x-access-token": token }, body);
  assert.deepEqual((await theirs("GET", "/api/providers/templates")).body, { accounts: [], templates: [] });
  assert.equal((await theirs("POST", `/api/providers/${account.id}/templates/refresh`)).status, 404);
  await addUsers(product, 3);
  const estimate = { channel: "sms", content: "Hi", target: {} };
  assert.equal((await product.call("POST", "/api/campaigns/estimate", estimate)).body.users, 3);
  assert.equal((await theirs("POST", "/api/campaigns/estimate", estimate)).body.users, 0);
});
