import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import sql from "sql-template-tag";
import { installationKey, userKey } from "../lib/keys.ts";
import { importFile } from "../testing/imports.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { countRows, countsOf } from "../testing/sending.ts";
import { type Simulation, startSimulation } from "../testing/simulation.ts";
import type { MessageReport } from "./schema.ts";

type Service = "fcm" | "apns" | "webpush";
type Fate = "good" | "dead" | "wrong" | "throttled";

const services: readonly Service[] = ["fcm", "apns", "webpush"];
const deviceTypes = { fcm: "android", apns: "ios", webpush: "web" };

/** A product with accounts of the three services, all simulated. */
async function startPush(t: TestContext): Promise<{ product: TestProduct; simulation: Simulation }> {
  const product = await startTestProduct(t);
  const simulation = await startSimulation();
  t.after(() => simulation.stop());
  for (const service of services) {
    const made = await product.call("POST", "/api/providers", simulation.accounts[service]);
    assert.equal(made.status, 201, JSON.stringify(made.body));
  }
  return { product, simulation };
}

const apnsPrefixes = { good: "0123abcd", dead: "deaddead", wrong: "baadbaad", throttled: "42904290" };

function tokenOf({ standIns, credentials }: Simulation, service: Service, fate: Fate, n: number): string {
  switch (service) {
    case "fcm":
      return `token-${fate}-${n}`;
    case "apns":
      return `${apnsPrefixes[fate]}${n.toString(16).padStart(56, "0")}`;
    case "webpush": {
      const path = fate === "good" ? {} : { fate: fate === "wrong" ? "unknown" : fate };
      return JSON.stringify(standIns.webpush.subscribe({ publicKey: credentials.vapid.publicKey, ...path }));
    }
  }
}

interface Device {
  id: string;
  service: Service;
  fate: Fate;
  token: string;
}

/** A device a user, all at once. */
async function addDevices({ db, appId }: TestProduct, devices: readonly Device[]): Promise<void> {
  const userKeys = devices.map(({ id }) => userKey(appId, id));
  const keys = devices.map(({ id }) => installationKey(appId, id));
  const ids = devices.map(({ id }) => id);
  const app = sql`(select app_key from apps where app_id = ${appId})`;
  await db.query(sql`
    insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
    select ${app}, k, id, false, '{}', '{}', '{}', now(), now()
    from unnest(${userKeys}::uuid[], ${ids}::text[]) as u (k, id)`);
  await db.query(sql`
    insert into installations (app_key, user_key, installation_key, installation_id, device_type, device_token,
      token_service, opted_out, topics, created_at, updated_at)
    select ${app}, u, k, id, device_type, token, service, false, '{}', now(), now()
    from unnest(${userKeys}::uuid[], ${keys}::uuid[], ${ids}::text[],
      ${devices.map(({ service }) => deviceTypes[service])}::text[], ${devices.map(({ token }) => token)}::text[],
      ${devices.map(({ service }) => service)}::text[]) as d (u, k, id, device_type, token, service)`);
  await db.query(sql`
    insert into installation_directory (app_key, installation_key, user_key)
    select ${app}, k, u from unnest(${keys}::uuid[], ${userKeys}::uuid[]) as d (k, u)`);
  await db.query(sql`analyze users, installations`);
}

async function notify(product: TestProduct, audience: object): Promise<MessageReport> {
  const sent = await product.call("POST", "/api/push/notifyUsers", { content: "New version", ...audience });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const id = sent.headers.get("x-push-id");
  return until(
    async (): Promise<MessageReport> => (await product.call("GET", `/api/messages/${id}`)).body,
    ({ status }) => status === "finished",
    120_000,
  );
}

test("of ten thousand good, dead, throttled and wrong tokens each ends as it should, with the reason in words", async (t) => {
  const { product, simulation } = await startPush(t);
  const plan: Record<Service, Record<Fate, number>> = {
    fcm: { good: 4_496, dead: 300, wrong: 200, throttled: 4 },
    apns: { good: 2_696, dead: 200, wrong: 100, throttled: 4 },
    webpush: { good: 1_798, dead: 100, wrong: 100, throttled: 2 },
  };
  const devices = services.flatMap((service) =>
    Object.entries(plan[service]).flatMap(([fate, count]) =>
      Array.from({ length: count }, (_, n): Device => {
        const token = tokenOf(simulation, service, fate as Fate, n);
        return { id: `${service}-${fate}-${n}`, service, fate: fate as Fate, token };
      }),
    ),
  );
  assert.equal(devices.length, 10_000);
  await addDevices(product, devices);
  const message = await notify(product, { target: {} });
  const bad = devices.filter(({ fate }) => fate === "dead" || fate === "wrong").length;
  assert.deepEqual(countsOf(message), { targeted: 10_000, sent: 10_000 - bad, failed: bad });
  assert.deepEqual(await countRows(product, message.id), { sent: 10_000 - bad, failed: bad });

  // Row by row: the device, what it was sent by, and why not.
  const { rows } = await product.db.query<{
    id: string;
    state: string;
    reason: string | null;
    detail: string | null;
    account: string;
  }>(sql`
    select i.installation_id as id, d.state, d.reason, d.detail, a.provider as account
    from deliveries d
    join installations i using (user_key, installation_key)
    join provider_accounts a using (account_key)
    where d.message_id = ${message.id}`);
  for (const { id, state, reason, detail, account } of rows) {
    const [service, fate] = id.split("-");
    const isBad = fate === "dead" || fate === "wrong";
    assert.deepEqual(
      [account, state, reason],
      [service, isBad ? "failed" : "sent", isBad ? "address_gone" : null],
      id,
    );
    if (isBad) assert.match(detail ?? "", /\w+ \w+ \w+/, id);
  }
  assert.equal(rows.length, 10_000);
  for (const { reason, reasonText } of message.reasons) {
    assert.equal(reason, "address_gone");
    assert.ok(reasonText.length > 10);
  }

  // Each good token was taken once, whatever was throttled beside it.
  const { fcm, apns, webpush } = simulation.standIns;
  for (const [standIn, service] of [
    [fcm, "fcm"],
    [apns, "apns"],
    [webpush, "webpush"],
  ] as const) {
    assert.equal(standIn.accepted.size, plan[service].good + plan[service].throttled, service);
    assert.ok(
      [...standIn.accepted.values()].every((times) => times === 1),
      service,
    );
  }

  // Dead tokens are forgotten; those that were good once count as uninstalled.
  const { rows: left } = await product.db.query<{ fate: string; tokens: number; removed: number }>(sql`
    select split_part(installation_id, '-', 2) as fate, count(device_token)::integer as tokens,
      count(uninstalled_at)::integer as removed
    from installations
    group by fate
    order by fate`);
  const webpushUnknown = plan.webpush.wrong;
  assert.deepEqual(
    left.map(({ fate, tokens, removed }) => [fate, tokens, removed]),
    [
      ["dead", 0, 600],
      ["good", 8_990, 0],
      ["throttled", 10, 0],
      ["wrong", 0, webpushUnknown],
    ],
  );
});

test("people who came with an export of OneSignal get a push, with no SDK anywhere", async (t) => {
  const { product, simulation } = await startPush(t);
  const header =
    "id,identifier,session_count,language,timezone,game_version,device_os,device_type,device_model,tags,last_active,created_at,external_user_id";
  const file = [
    header,
    `1be1ba28-1111-4111-8111-000000000001,${"ab12".repeat(16)},12,fa,12600,5.2.0,14.4,0,"iPhone12,1",{},2026-10-01 10:00:00,2026-01-01 10:00:00,sara`,
    "1be1ba28-1111-4111-8111-000000000002,fcm-token-of-ali:APA91b,3,fa,12600,5.2.0,11,1,SM-A515F,{},2026-10-01 10:00:00,2026-01-01 10:00:00,ali",
  ].join("\n");
  await importFile(product, file, { format: "onesignal" });
  const message = await notify(product, { target: {}, notification: { title: "فروشگاه", body: "سلام" } });
  assert.deepEqual(countsOf(message), { targeted: 2, sent: 2 });
  const { fcm, apns } = simulation.standIns;
  const android = fcm.last()?.body.message as { token: string; notification: object };
  assert.deepEqual(
    [android.token, android.notification],
    ["fcm-token-of-ali:APA91b", { title: "فروشگاه", body: "سلام" }],
  );
  const apple = apns.last();
  assert.ok(apple);
  assert.equal(apple.url, `/3/device/${"ab12".repeat(16)}`);
  assert.deepEqual((apple.body.aps as { alert: object }).alert, { title: "فروشگاه", body: "سلام" });
});
