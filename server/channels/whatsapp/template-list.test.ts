import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startKaleyraStandIn } from "../../testing/stand-ins/kaleyra.ts";
import { startWhatsappStandIn } from "../../testing/stand-ins/whatsapp.ts";
import type { Sender } from "../provider.ts";
import { dialog360Provider } from "./dialog360.ts";
import { Dialog360Config } from "./dialog360-config.ts";
import { kaleyraWhatsappProvider } from "./kaleyra.ts";
import { KaleyraWhatsappConfig } from "./kaleyra-config.ts";
import { metaProvider } from "./meta.ts";
import { MetaConfig } from "./meta-config.ts";

const never = new AbortController().signal;
const outside = { allowsPrivate: true };
const opening = { connections: 2 };

async function openAll(t: TestContext) {
  const cloud = await startWhatsappStandIn();
  const kaleyra = await startKaleyraStandIn();
  const { sid, apiKey, from, wabaId } = kaleyra.credentials;
  const kaleyraConfig = (settings: Record<string, unknown>) =>
    KaleyraWhatsappConfig.parse({ sid, apiKey, from, baseUrl: kaleyra.url, ...settings });
  const senders = {
    meta: metaProvider.open(
      MetaConfig.parse({ ...cloud.credentials.meta, baseUrl: cloud.url }),
      outside,
      opening,
    ),
    dialog360: dialog360Provider.open(
      Dialog360Config.parse({ ...cloud.credentials["360dialog"], baseUrl: cloud.url }),
      outside,
      opening,
    ),
    kaleyra: kaleyraWhatsappProvider.open(kaleyraConfig({ wabaId }), outside, opening),
    withoutWaba: kaleyraWhatsappProvider.open(kaleyraConfig({}), outside, opening),
  };
  t.after(async () => {
    await Promise.all([cloud.stop(), kaleyra.stop()]);
    await Promise.all(Object.values(senders).map((sender) => sender.close()));
  });
  return { cloud, kaleyra, senders };
}

const list = async (sender: Sender) => (await sender.listTemplates?.(never)) ?? assert.fail();
const names = async (sender: Sender) => {
  const listed = await list(sender);
  assert.ok(listed.ok, JSON.stringify(listed));
  return listed.templates.map(({ name, language, status }) => `${name} ${language} ${status}`);
};

test("all templates are listed, on as many pages as there are", async (t) => {
  const { cloud, kaleyra, senders } = await openAll(t);
  const few = ["hello en approved", "hello fa approved", "autumn_sale en approved", "paused_offer en paused"];
  for (const sender of [senders.meta, senders.dialog360, senders.kaleyra])
    assert.deepEqual(await names(sender), few);
  for (let index = 0; index < 70; index += 1)
    for (const { templates } of [cloud, kaleyra])
      templates.put({
        ...{ name: `more_${index}`, language: "en", status: "PENDING", category: "UTILITY" },
        components: [{ type: "BODY", text: "More {{1}}" }],
      });
  for (const sender of [senders.meta, senders.dialog360, senders.kaleyra])
    assert.equal((await names(sender)).length, 74);
});

test("why templates cannot be listed is said", async (t) => {
  const { cloud, kaleyra, senders } = await openAll(t);
  for (const standIn of [cloud, kaleyra]) standIn.plan({ kind: "status", status: 401 });
  for (const sender of [senders.meta, senders.dialog360, senders.kaleyra]) {
    const listed = await list(sender);
    assert.ok(!listed.ok && listed.detail.length > 20);
  }
  for (const standIn of [cloud, kaleyra]) standIn.plan({ kind: "status", status: 200, body: "<html>" });
  for (const sender of [senders.meta, senders.dialog360, senders.kaleyra])
    assert.match(JSON.stringify(await list(sender)), /no list of templates/);
  assert.match(JSON.stringify(await list(senders.withoutWaba)), /wabaId/);
});

test("a check of Meta says what is known of the number", async (t) => {
  const { cloud, senders } = await openAll(t);
  const { ok, detail } = await senders.meta.check(never);
  assert.ok(ok);
  assert.match(detail, /\+15550783881, name Shop, quality GREEN, limit TIER_2K/);
  cloud.plan(({ url }) => (url.includes("messaging_limit_tier") ? { kind: "status", status: 400 } : null));
  assert.ok((await senders.meta.check(never)).ok);
});

test("a service that knows no pages is not asked for ever", async (t) => {
  const { cloud, senders } = await openAll(t);
  const page = Array.from({ length: 30 }, (_, index) => ({
    name: `t${index}`,
    language: "en",
    components: [],
  }));
  cloud.plan({ kind: "status", status: 200, body: { waba_templates: page } });
  assert.equal((await names(senders.dialog360)).length, 30);
  assert.equal(cloud.requests(), 2);
});
