import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import sql from "sql-template-tag";
import type { ReceiptState } from "../channels/provider.ts";
import { referenceOf } from "../deliveries/reference.ts";
import { DeliveryState } from "../deliveries/schema.ts";
import { advance } from "../deliveries/states.ts";
import { call } from "../testing/product.ts";
import {
  addUsers,
  countRows,
  countsOf,
  phoneOf,
  reportsAreApplied,
  startSending,
} from "../testing/sending.ts";

const receipts = {
  ...{ list: "reports", subject: "providerId", idPath: "id", statusPath: "status", timePath: "at" },
  ...{ codePath: "code", detailPath: "detail" },
  statuses: { SENT: "sent", OK: "delivered", READ: "seen", CLICK: "clicked", FAIL: "failed", DEAD: "gone" },
};

for (const subject of ["providerId", "deliveryId"] as const) {
  test(`receipts by ${subject} move deliveries in any order, twice, and before the row is there`, async (t) => {
    const { product, standIn, account, broadcast, messageThat } = await startSending(t, {
      config: { receipts: { ...receipts, subject, idPath: subject === "providerId" ? "id" : "deliveryId" } },
    });
    await addUsers(product, 40);
    const ids = new Map<unknown, string>();
    // The first ones are reported while their own request is still under way.
    const early: Promise<number>[] = [];
    standIn.plan(({ body }) => {
      ids.set(body.to, String(body.deliveryId));
      if (body.to === phoneOf("u1") || body.to === phoneOf("u2"))
        early.push(
          standIn.report(account.receiptsUrl, [
            {
              deliveryId: String(body.deliveryId),
              status: body.to === phoneOf("u1") ? "READ" : "FAIL",
              code: "E7",
            },
          ]),
        );
      return null;
    });
    const id = await broadcast();
    await messageThat(id, ({ status, counts }) => status === "finished" && counts.seen + counts.failed === 2);
    assert.deepEqual(await Promise.all(early), [200, 200]);

    const of = (user: string) => ids.get(phoneOf(user)) ?? "";
    const report = (...said: [user: string, status: string][]) =>
      standIn.report(
        account.receiptsUrl,
        said.map(([user, status]) => ({ deliveryId: of(user), status, detail: "no such number" })),
      );
    assert.equal(
      await report(["u3", "READ"], ["u3", "OK"], ["u4", "OK"], ["u4", "OK"], ["u5", "CLICK"]),
      200,
    );
    await Promise.all([report(["u6", "FAIL"]), report(["u6", "FAIL"]), report(["u7", "FAIL"], ["u7", "OK"])]);
    await report(["u7", "FAIL"], ["u8", "SENT"], ["u9", "WHO KNOWS"]);
    assert.equal(
      await standIn.report(account.receiptsUrl, [{ deliveryId: "x".repeat(64), id: "nobody", status: "OK" }]),
      200,
    );
    await reportsAreApplied(product);
    const message = await messageThat(id, () => true);
    const expected = { targeted: 40, sent: 33, delivered: 2, seen: 2, clicked: 1, failed: 2 };
    assert.deepEqual(countsOf(message), expected);
    const { targeted: _, ...states } = expected;
    assert.deepEqual(await countRows(product, id), states);
    assert.deepEqual(message.reasons.map(({ reason, code }) => `${reason} ${code}`).sort(), [
      "undelivered E7",
      "undelivered null",
    ]);
    const log = (await product.call("GET", `/api/messages/${id}/deliveries?user=u6`)).body.data;
    assert.deepEqual([log.length, log[0].reason, log[0].detail], [1, "undelivered", "no such number"]);
  });
}

test("letters and times that no database takes lose neither what was sent nor what is reported", async (t) => {
  const { product, standIn, account, broadcast, messageThat } = await startSending(t, {
    config: { receipts: { ...receipts, idPath: "id" } },
  });
  await addUsers(product, 3);
  standIn.plan(({ body }) =>
    body.to === phoneOf("u0") ? { kind: "status", status: 400, body: { error: "not\u0000good" } } : null,
  );
  const id = await broadcast({ content: "hi" });
  const message = await messageThat(id, ({ status }) => status === "finished");
  assert.deepEqual(countsOf(message), { targeted: 3, sent: 2, failed: 1 }, JSON.stringify(message.reasons));
  assert.ok([...standIn.seen.values()].every((times) => times === 1));
  const log = (await product.call("GET", `/api/messages/${id}/deliveries`)).body.data;
  const details = log.map(({ detail }: { detail: string | null }) => detail).filter(Boolean);
  assert.match(details.join(), /notgood/);
  const [first, second] = log.flatMap((row: { providerId: string | null }) => row.providerId ?? []);
  const said = [
    { deliveryId: "", id: first, status: "FAIL", code: "E\u00007", detail: "no\u0000body" },
    { deliveryId: "", id: "not yet there", status: "OK", at: "-271821-04-20T00:00:00Z" },
    { deliveryId: "", id: second, status: "OK", at: "+275760-09-13T00:00:00Z" },
  ];
  assert.equal(await standIn.report(account.receiptsUrl, said), 200);
  await messageThat(id, ({ counts }) => counts.delivered === 1 && counts.failed === 2);
});

test("an address that a receipt calls dead is written to no more", async (t) => {
  const { product, standIn, account, broadcast, messageThat } = await startSending(t, {
    config: { receipts },
  });
  await addUsers(product, 3);
  await messageThat(await broadcast(), ({ status }) => status === "finished");
  const dead = [...standIn.accepted.keys()][0] ?? "";
  await standIn.report(account.receiptsUrl, [{ deliveryId: dead, status: "DEAD" }]);
  await reportsAreApplied(product);
  const next = await messageThat(await broadcast(), ({ status }) => status === "finished");
  assert.deepEqual(countsOf(next), { targeted: 3, sent: 2, skipped: 1 });
  assert.equal(next.reasons[0]?.reason, "suppressed");
});

test("a report is refused at a wrong address, without its proof, or when it cannot be read", async (t) => {
  const secret = "a-secret-for-reports";
  const { standIn, account } = await startSending(t, {
    config: {
      receipts: { ...receipts, verification: { kind: "hmac", header: "x-signature" } },
      receiptsSecret: secret,
    },
  });
  const said = [{ deliveryId: "d", status: "OK" }];
  assert.equal(await standIn.report(account.receiptsUrl, said, { secret }), 200);
  assert.equal(await standIn.report(account.receiptsUrl, said), 401);
  assert.equal(await standIn.report(account.receiptsUrl, said, { secret: "another-secret" }), 401);
  assert.equal(await standIn.report(`${account.receiptsUrl}x`, said, { secret }), 404);
  const broken = await call(account.receiptsUrl, "POST", {}, "{");
  assert.ok(broken.status === 400 || broken.status === 401);
});

test("whatever the order and number of receipts, a delivery ends in the same state", () => {
  const said = fc.array(fc.constantFrom<ReceiptState>("sent", "failed", "delivered", "seen", "clicked"), {
    maxLength: 10,
  });
  fc.assert(
    fc.property(fc.constantFrom(...DeliveryState.options), said, fc.integer(), (start, list, seed) => {
      const shuffled = [...list, ...list]
        .map((state, index) => ({ state, rank: Math.sin(seed + index) }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ state }) => state);
      assert.equal(list.reduce(advance, start), shuffled.reduce(advance, start));
    }),
  );
});

test("what a process had answered and not applied when it died is applied by the next that looks", async (t) => {
  const { product, account, broadcast, messageThat } = await startSending(t);
  await addUsers(product, 1);
  const id = await broadcast();
  await messageThat(id, ({ status }) => status === "finished");
  const { rows } = await product.db.query<{ userKey: string; deliveryId: string }>(sql`
    select user_key as "userKey", delivery_id as "deliveryId" from deliveries`);
  const [key = { userKey: "", deliveryId: "" }] = rows;
  const said = {
    subject: { deliveryId: referenceOf({ messageId: id, ...key }) },
    ...{ state: "delivered", at: new Date().toISOString(), code: null, detail: null, isGone: false },
  };
  const report = { receipts: [said], wishes: [], people: [], templates: [] };
  await product.db.query(sql`
    insert into reports (report_id, app_key, account_key, channel, report, received_at)
    select gen_random_uuid(), app_key, account_key, channel, ${JSON.stringify(report)}::jsonb, now() - interval '1 minute'
    from provider_accounts where account_id = ${account.id}`);
  await messageThat(id, ({ counts }) => counts.delivered === 1);
  await reportsAreApplied(product);
});
