import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { userKey } from "../lib/keys.ts";
import { uuidAt } from "../lib/time.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { standInConfig } from "../testing/provider-accounts.ts";
import { addUsers } from "../testing/sending.ts";
import { startStandInProvider } from "../testing/stand-in-provider.ts";
import { type Allotment, allotCodes, forgetCodes } from "./allot.ts";
import { replaceCodes } from "./upload.ts";

const codes = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);

/** A product with a campaign under the track id `autumn`, whose codes may be replaced. */
async function startPromo(t: TestContext) {
  const product = await startTestProduct(t);
  const { rows } = await product.db.query<{ appKey: number }>(sql`select app_key as "appKey" from apps`);
  const appKey = rows[0]?.appKey ?? 0;
  await product.db.query(sql`
    insert into campaigns (campaign_id, app_key, name, channel, audience, content, plan, source, phase, created_at,
      updated_at)
    values (${uuidv7()}, ${appKey}, 'Autumn', 'inbox', '{"target":{}}', '{"content":"-","trackId":"autumn"}', '{}',
      'api', 'draft', now(), now())`);
  const asked = (count: number, more: Partial<Allotment> = {}): Allotment[] => {
    const messageId = more.messageId ?? uuidv7();
    return Array.from({ length: count }, (_, index) => ({
      ...{ messageId, userKey: userKey(product.appId, `u${index}`), trackId: "autumn" },
      ...{ fallback: null, isSample: false, ...more },
    }));
  };
  const allot = (list: readonly Allotment[]) => allotCodes(product.db, appKey, list, new Date());
  return { product, asked, allot, appKey };
}

async function upload(product: TestProduct, path: string, body: string | FormData, type?: string) {
  const response = await fetch(`${product.url}/api/containers/${path}`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken, ...(type ? { "content-type": type } : {}) },
    body,
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const form = (text: string) => {
  const data = new FormData();
  data.append("file", new Blob([text], { type: "text/csv" }), "codes.csv");
  return data;
};

const leftOf = async (product: TestProduct) => (await product.call("GET", "/api/promo-codes")).body.data;

test("codes come as a form or as the body, and a new file takes the place of the old one", async (t) => {
  const { product, asked, allot } = await startPromo(t);
  const first = await upload(product, "updatePromoCodes/autumn", form('\ufeffA-1\r\nA-2\r\n\r\n "A,3" \r\n'));
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.equal(first.body.totalRows, 3);
  assert.match(first.body.promoSetId, /^[0-9a-f-]{36}$/);
  const global = await upload(product, "updateGlobalPromoCodes", "G-1\nG-2", "text/csv");
  assert.deepEqual([global.status, global.body], [200, { promoSetId: product.appId, totalRows: 2 }]);
  assert.deepEqual(await allot(asked(2)), ["A-1", "A-2"]);
  assert.deepEqual(
    (await leftOf(product)).map(({ updatedAt: _, ...set }: { updatedAt: string }) => set),
    [
      { trackId: null, total: 2, given: 0, left: 2 },
      { trackId: "autumn", total: 3, given: 2, left: 1 },
    ],
  );
  const second = await upload(product, "updatePromoCodes/autumn", "B-1", "application/octet-stream");
  assert.notEqual(second.body.promoSetId, first.body.promoSetId);
  assert.deepEqual(await allot(asked(2)), ["B-1", "G-1"]);
  const { body } = await product.call("GET", "/api/promo-codes?trackId=autumn");
  assert.deepEqual([body.data.length, body.data[0].left], [1, 0]);
  const { rows } = await product.db.query(sql`select code from promo_codes`);
  assert.deepEqual(rows, [{ code: "G-2" }]);
});

test("a file that cannot be used says where, and leaves the codes that there are", async (t) => {
  const { product } = await startPromo(t);
  await upload(product, "updatePromoCodes/autumn", "OLD", "text/csv");
  for (const [text, expected] of [
    ["", /has no codes; write one a line/],
    ["\n \n", /has no codes/],
    [`A\n${"x".repeat(65)}`, /^code 2 has 65 characters; it may have 64 at most/],
    ["A\nB\nC\nB", /^has "B" more than once, as codes 2 and 4; each is given to one person/],
    ["A\nB,C", /^row 2 has 2 values; write one a line/],
    ['A\n"B', /Quote Not Closed/],
  ] as const) {
    const answer = await upload(product, "updatePromoCodes/autumn", text, "text/csv");
    assert.equal(answer.status, 422, text);
    assert.match(answer.body.errors[0].detail, expected);
  }
  assert.equal((await upload(product, "updatePromoCodes/autumn", new FormData())).status, 422);
  assert.equal((await leftOf(product))[0].left, 1);
  const { rows } = await product.db.query(sql`select count(*) as count from promo_codes`);
  assert.deepEqual(rows, [{ count: 1 }]);
  const wrong = await upload(product, "updatePromoCodes/winter", "A", "text/csv");
  assert.equal(wrong.status, 404);
  assert.deepEqual(wrong.body.error, {
    ...{ name: "Error", status: 404, message: 'There is no campaign with the track id "winter".' },
  });
});

test("ten who give at once give each code once, and the last ones fall through", async (t) => {
  const { product, asked, allot } = await startPromo(t);
  await upload(product, "updatePromoCodes/autumn", codes("A", 5_000).join("\n"), "text/csv");
  await upload(product, "updateGlobalPromoCodes", codes("G", 100).join("\n"), "text/csv");
  const messageId = uuidv7();
  const list = asked(5_300, { messageId, fallback: "LAST" });
  const parts = Array.from({ length: 53 }, (_, index) => list.slice(index * 100, (index + 1) * 100));
  const given: (string | null)[] = [];
  const worker = async () => {
    for (let part = parts.shift(); part; part = parts.shift()) given.push(...(await allot(part)));
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  const unique = given.filter((code) => code !== "LAST");
  assert.equal(new Set(unique).size, unique.length);
  assert.equal(given.length, 5_300);
  assert.equal(unique.filter((code) => code?.startsWith("A-")).length, 5_000);
  assert.equal(unique.filter((code) => code?.startsWith("G-")).length, 100);
  const { rows } = await product.db.query(sql`select count(*) as count from promo_codes`);
  assert.deepEqual(rows, [{ count: 0 }]);
  assert.deepEqual(await allot(asked(2)), [null, null]);
});

test("two who give to the same person give one code, and who asks again gets the same", async (t) => {
  const { product, asked, allot } = await startPromo(t);
  await upload(product, "updatePromoCodes/autumn", codes("A", 1_000).join("\n"), "text/csv");
  const list = asked(100);
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => allot(list)));
  assert.equal(new Set(first).size, 100);
  for (const other of others) assert.deepEqual(other, first);
  // Also after others have come, and of a pair that is named twice.
  await upload(product, "updatePromoCodes/autumn", codes("B", 10).join("\n"), "text/csv");
  assert.deepEqual(await allot([...list, ...list]), [...(first ?? []), ...(first ?? [])]);
  assert.equal((await leftOf(product))[0].left, 10);
  // A fallback stays as well.
  const late = asked(1, { trackId: null, fallback: "LAST" });
  assert.deepEqual(await allot(late), ["LAST"]);
  await upload(product, "updateGlobalPromoCodes", "G-1", "text/csv");
  assert.deepEqual(await allot(late), ["LAST"]);
  // What is older than the messages that are kept goes with them.
  await forgetCodes(product.db, uuidAt(new Date(Date.now() - 60_000)));
  assert.deepEqual(await allot(late), ["LAST"]);
  await forgetCodes(product.db, uuidAt(new Date(Date.now() + 60_000)));
  assert.deepEqual((await product.db.query(sql`select from promo_given`)).rowCount, 0);
  // Only what a transaction keeps is given.
  const rolledBack = asked(1, { trackId: null });
  await assert.rejects(
    product.db.transaction(async (tx) => {
      const { rows } = await tx.query<{ appKey: number }>(sql`select app_key as "appKey" from apps`);
      assert.deepEqual(await allotCodes(tx, rows[0]?.appKey ?? 0, rolledBack, new Date()), ["G-1"]);
      throw new Error("the worker died");
    }),
  );
  assert.deepEqual(await allot(asked(1, { trackId: null })), ["G-1"]);
});

test("a set that is replaced while codes are given leaves nobody without one", async (t) => {
  const { product, asked, allot } = await startPromo(t);
  await upload(product, "updatePromoCodes/autumn", codes("A", 5_000).join("\n"), "text/csv");
  let isOver = false;
  const given: (string | null)[] = [];
  const giving = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!isOver) given.push(...(await allot(asked(5))));
    }),
  );
  for (let round = 0; round < 5; round++)
    await upload(product, "updatePromoCodes/autumn", codes(`R${round}`, 5_000).join("\n"), "text/csv");
  isOver = true;
  await giving;
  assert.ok(given.length > 0);
  assert.equal(given.filter((code) => code === null).length, 0);
  assert.equal(new Set(given).size, given.length);
});

test("those who are really sent to get a code in their text, and nobody else", async (t) => {
  const { product } = await startPromo(t);
  const texts: string[] = [];
  const standIn = await startStandInProvider({ onAnswer: ({ body }) => texts.push(String(body.text)) });
  t.after(() => standIn.stop());
  await product.call("POST", "/api/providers", {
    ...{ channel: "sms", provider: "http", name: "SMS", config: standInConfig(standIn) },
  });
  await addUsers(product, 4);
  await product.db.query(sql`update users set opted_out = '{sms}' where user_id = 'u1'`);
  await upload(product, "updatePromoCodes/autumn", codes("A", 3).join("\n"), "text/csv");
  const content = "-";
  const sent = await product.call("POST", "/api/push/toUsers", {
    ...{ users: ["u0", "u1", "u2", "u3"], content, template: true, trackId: "autumn" },
    fallback: { media: "sms", delay: 0, content: "{{user.first_name}}: {{promo_code | default('none')}}" },
  });
  assert.equal(sent.status, 200);
  await until(
    async () => texts.length,
    (length) => length === 3,
  );
  assert.deepEqual(texts.map((text) => text.split(": ")[1]).sort(), ["A-1", "A-2", "A-3"]);
  const { rows } = await product.db.query<{ count: number }>(sql`select count(*) as count from promo_given`);
  assert.equal(rows[0]?.count, 3);
  // A person who is erased is forgotten here as well.
  assert.equal((await product.call("DELETE", "/api/users/u0")).status, 200);
  const after = await product.db.query<{ count: number }>(sql`select count(*) as count from promo_given`);
  assert.equal(after.rows[0]?.count, 2);
});

test("codes stay when the old ones cannot be cleared away", async (t) => {
  const { product, appKey, asked, allot } = await startPromo(t);
  await upload(product, "updatePromoCodes/autumn", codes("A", 3).join("\n"), "text/csv");
  // As if the database went away just after the new ones took their place.
  const db = {
    ...product.db,
    query: (query: { text: string }) =>
      /^\s*delete from promo_codes/.test(query.text) && isBroken
        ? Promise.reject(new Error("terminating connection"))
        : product.db.query(query as never),
    transaction: async (work: never) => {
      const done = await product.db.transaction(work);
      isBroken = true;
      return done;
    },
  } as typeof product.db;
  let isBroken = false;
  const parts = { db, hasTrack: async () => true };
  const app = { appKey, appId: product.appId, name: "a test" };
  const answer = await replaceCodes(parts, app, "autumn", Readable.from([codes("B", 3).join("\n")]));
  assert.equal(answer.totalRows, 3);
  assert.deepEqual(await allot(asked(2)), ["B-1", "B-2"]);
});
