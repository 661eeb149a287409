import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { userKey } from "../lib/keys.ts";
import { startTestProduct, type TestProduct, until } from "../testing/product.ts";
import { registerAttributes } from "../users/attributes.ts";
import { addMembers, ensureStaticSegment } from "./members.ts";

let product: TestProduct;
let appKey: number;
const importId = uuidv7();
const now = new Date("2024-05-01T00:00:00Z");

const users = ["Ali", "Mina", "Sara", "Zal"];

before(async () => {
  product = await startTestProduct();
  const { rows } = await product.db.query<{ appKey: number }>(sql`select app_key as "appKey" from apps`);
  appKey = rows[0]?.appKey ?? assert.fail("the product has an app");
  for (const userId of users)
    await product.call("POST", "/api/installations", { id: `device-${userId}`, userId, deviceType: "ios" });
  await product.db.query(sql`
    update users set attributes = jsonb_build_object('plan', 'gold', 'office.no', 3) where user_id in ('Ali', 'Mina')`);
  await product.db.transaction((tx) =>
    registerAttributes(tx, {
      appKey,
      importId,
      now,
      uses: [
        { name: "plan", type: "TEXT" },
        { name: "office.no", type: "NUMBER" },
      ],
    }),
  );
  await makeSegment("VIP list", ["Ali", "Sara", "Gone"]);
  await makeSegment("100% café_club", ["Zal"]);
});
after(() => product.stop());

/** A static segment of these users, as an import makes one. */
async function makeSegment(name: string, members: string[]): Promise<string> {
  return product.db.transaction(async (tx) => {
    const list = await ensureStaticSegment(tx, { appKey, name, createdBy: "a@example.com", now });
    const { segmentId } = list ?? assert.fail("no filter has this name");
    await tx.query(sql`
      create temporary table made (line integer, user_key uuid) on commit drop`);
    await tx.query(sql`
      insert into made select 1, unnest(${members.map((userId) => userKey(product.appId, userId))}::uuid[])`);
    await addMembers(tx, { appKey, segmentId, importId, table: "made" });
    return segmentId;
  });
}

const segmentNamed = async (name: string) => {
  const { body } = await product.call("GET", `/api/segments?search=${encodeURIComponent(name)}`);
  return body.data[0] as { id: string; name: string };
};

const count = async (target: unknown) => {
  const answer = await product.call("POST", "/api/segments/count", { target });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.users as number;
};

const faultOf = async (path: string, body: unknown) => {
  const answer = await product.call("POST", path, body);
  assert.equal(answer.status, 422, JSON.stringify(answer.body));
  return answer.body.errors[0] as { pointer: string; detail: string };
};

test("a target is the name of a segment in any writing, its id, or a filter that names it", async () => {
  const { id } = await segmentNamed("vip");
  assert.equal(await count("VIP list"), 2);
  assert.equal(await count(" vip LIST "), 2);
  assert.equal(await count(id), 2);
  assert.equal(await count(id.toUpperCase()), 2);
  assert.equal(await count({ segment: "VIP list", plan: "gold" }), 1);
  assert.equal(await count('{"segment":"VIP list","deviceType":"ios"}'), 2);
  assert.equal(await count({ segment: { neq: id } }), 2);
  assert.equal(await count({ segment: { inq: ["VIP list", "100% café_club"] } }), 3);
  assert.equal(await count({ or: [{ segment: { nin: ["vip list"] } }, { plan: "gold" }] }), 3);
  assert.equal(await count({ segment: { inq: [] } }), 0);
  assert.equal(await count({ "office.no": { gte: 3 } }), 2);
});

test("a segment nobody knows is a fault that says what was expected, and the nearest name", async () => {
  for (const [path, more] of [
    ["/api/segments/count", {}],
    ["/api/push/byQuery", { content: "hi" }],
  ] as const) {
    const fault = await faultOf(path, { target: "VIP lits", ...more });
    assert.equal(fault.pointer, "/target");
    assert.match(fault.detail, /no segment "VIP lits".*did you mean VIP list\?; expected a filter such as/);
  }
  const inside = await faultOf("/api/segments/count", {
    target: { or: [{ segment: { inq: ["VIP list", "x"] } }] },
  });
  assert.equal(inside.pointer, "/target/or/0/segment/inq/1");
  assert.match(inside.detail, /no segment "x".*; expected the name or id of a segment/);
  assert.equal((await faultOf("/api/segments/count", { target: uuidv7() })).pointer, "/target");
  assert.match((await faultOf("/api/segments/count", { target: { plam: 1 } })).detail, /did you mean plan\?/);
});

test("a send to a segment keeps its id and the name it had, and reaches its members", async () => {
  const { id } = await segmentNamed("vip");
  const send = async (target: unknown) => {
    const sent = await product.call("POST", "/api/push/byQuery", { target, content: "hi" });
    assert.equal(sent.status, 200, JSON.stringify(sent.body));
    const message = sent.headers.get("x-push-id");
    const { body } = await product.call("GET", `/api/messages/${message}`);
    return { count: sent.body.count, audience: body.audience };
  };
  const segments = [{ id, name: "VIP list" }];
  assert.deepEqual(await send("vip list"), { count: 2, audience: { kind: "target", target: id, segments } });
  assert.deepEqual(await send({ segment: { inq: ["VIP list"] }, plan: "gold" }), {
    count: 1,
    audience: { kind: "target", target: { segment: { inq: [id] }, plan: "gold" }, segments },
  });
});

test("a segment may be renamed while a large send to it is being expanded", async () => {
  const many = Array.from({ length: 6_000 }, (_, index) => `many-${index}`);
  await product.db.query(sql`
    insert into users (app_key, user_key, user_id, is_guest, attributes, tags, value_tags, created_at, updated_at)
    select ${appKey}::integer, key, id, false, '{}', '{}', '{}', now(), now()
    from unnest(${many.map((id) => userKey(product.appId, id))}::uuid[], ${many}::text[]) as u (key, id)`);
  await product.db.query(sql`
    insert into installations (app_key, user_key, installation_key, installation_id, device_type, opted_out, topics,
      created_at, updated_at)
    select app_key, user_key, user_key, 'd-' || user_id, 'ios', false, '{}', now(), now()
    from users where user_id like 'many-%'`);
  const id = await makeSegment("Large", many);
  const sent = await product.call("POST", "/api/push/byQuery", { target: "Large", content: "hi" });
  assert.equal(sent.body.count, many.length);
  await product.db.query(sql`update segments set name = 'Huge', name_key = 'huge' where segment_id = ${id}`);
  const message = await until(
    async () => (await product.call("GET", `/api/messages/${sent.headers.get("x-push-id")}`)).body,
    (found) => found.status === "finished",
  );
  assert.equal(message.counts.targeted, many.length);
  assert.deepEqual(message.audience.segments, [{ id, name: "Large" }]);
});

test("a segment is read as it was, although an attribute of it has gone since", async () => {
  const target = { or: [{ plan: "gold" }, { "office.no": { gt: 3 } }] };
  const { body } = await product.call("POST", "/api/segments", { name: "Golden", target });
  const { rows } = await product.db.query(sql`delete from attributes returning *`);
  assert.equal(await count("Golden"), 2);
  assert.equal((await faultOf("/api/segments/count", { target })).pointer, "/target/or/0/plan");
  for (const { app_key, name, type, created_at } of rows)
    await product.db.query(sql`
      insert into attributes (app_key, name, type, created_at) values (${app_key}, ${name}, ${type}, ${created_at})`);
  await product.call("DELETE", `/api/segments/${body.id}`);
});

test("segments are listed newest first and found by any part of their name", async () => {
  const names = async (query: string) => {
    const { body } = await product.call("GET", `/api/segments?${query}`);
    return { names: body.data.map(({ name }: { name: string }) => name), next: body.nextCursor };
  };
  const first = await names("limit=1&search=L");
  assert.equal(first.names.length, 1);
  const rest = await names(`limit=10&search=L&cursor=${first.next}`);
  assert.deepEqual([...first.names, ...rest.names], ["100% café_club", "VIP list"]);
  assert.deepEqual((await names("search=%25")).names, ["100% café_club"]);
  assert.deepEqual((await names("search=_")).names, ["100% café_club"]);
  const { id } = await segmentNamed("vip");
  assert.deepEqual((await product.call("GET", `/api/segments/${id}`)).body, {
    ...{ id, name: "VIP list", kind: "static", createdAt: now.toISOString(), createdBy: "a@example.com" },
    ...{ target: null, segment: null, isPinned: false, usedBy: [], users: 2 },
  });
  assert.equal((await product.call("GET", `/api/segments/${uuidv7()}`)).status, 404);
});

test("attributes are listed with their types", async () => {
  const more = { fast: "no", fastFailure: null, usedBy: [], createdAt: now.toISOString() };
  assert.deepEqual((await product.call("GET", "/api/attributes")).body, {
    data: [
      { name: "office.no", type: "NUMBER", ...more },
      { name: "plan", type: "TEXT", ...more },
    ],
    nextCursor: null,
  });
});

test("users are listed by segment, page by page, and by the start of their id", async () => {
  const ids = async (query: string) => {
    const { status, body } = await product.call("GET", `/api/users?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return { ids: body.data.map(({ userId }: { userId: string }) => userId), next: body.nextCursor };
  };
  const { id } = await segmentNamed("vip");
  assert.deepEqual((await ids("segment=VIP%20list")).ids, ["Ali", "Sara"]);
  const first = await ids(`segment=${id}&limit=1`);
  assert.deepEqual(first.ids, ["Ali"]);
  assert.deepEqual((await ids(`segment=${id}&limit=1&cursor=${first.next}`)).ids, ["Sara"]);
  assert.deepEqual((await ids("segment=vip%20list&search=S")).ids, ["Sara"]);
  for (const segment of ["nobody", "%00"]) {
    const answer = await product.call("GET", `/api/users?segment=${segment}`);
    assert.deepEqual([answer.status, answer.body.errors?.[0]?.pointer], [422, "?segment"]);
  }
});
