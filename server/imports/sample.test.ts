import assert from "node:assert/strict";
import test from "node:test";
import { parse } from "csv-parse/sync";
import { isValidPhoneNumber } from "libphonenumber-js/max";
import { sampleHeader, sampleRows } from "./sample.ts";

type Row = Record<string, string>;

function readSample(count: number, seed = 1): Row[] {
  const text = [sampleHeader, ...sampleRows(count, seed)].join("\n");
  return parse(text, { columns: true }) as Row[]; // strict: refuses a wrong number of fields and stray quotes
}

const rows = readSample(20_000);

test("the same seed gives the same rows, another seed gives others", () => {
  assert.deepEqual([...sampleRows(50, 7)], [...sampleRows(50, 7)]);
  assert.notDeepEqual([...sampleRows(50, 7)], [...sampleRows(50, 8)]);
});

test("there are exactly as many rows as asked for", () => {
  for (const count of [0, 1, 2, 1000]) assert.equal(readSample(count).length, count);
});

test("user Test comes first, with one Android device and no other row", () => {
  assert.equal(rows[0]?.external_user_id, "Test");
  assert.equal(rows[0]?.device_type, "1");
  assert.equal(rows.filter((row) => row.external_user_id === "Test").length, 1);
});

test("ids are unique UUIDs, tokens are unique", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  for (const row of rows) assert.match(row.id ?? "", uuid);
  assert.equal(new Set(rows.map((row) => row.id)).size, rows.length);
  assert.equal(new Set(rows.map((row) => row.identifier)).size, rows.length);
});

test("every identifier suits its device type", () => {
  const shapes: Record<string, (identifier: string) => boolean> = {
    0: (token) => /^[0-9a-f]{64}$/.test(token),
    1: (token) => token.length === 152 && /^[\w-]{11}:APA91b[\w-]{134}$/.test(token),
    5: (endpoint) => endpoint.startsWith("https://"),
    6: (channel) => channel.startsWith("https://db5p.notify.windows.com/"),
    8: (endpoint) => endpoint.startsWith("https://"),
    11: (email) => /^user\.\d+@example\.(com|org)$/.test(email),
    13: (token) => token.length === 130,
    14: (phone) => isValidPhoneNumber(phone),
  };
  for (const row of rows) {
    assert.ok(shapes[row.device_type ?? ""]?.(row.identifier ?? ""), `${row.device_type}: ${row.identifier}`);
  }
  assert.deepEqual([...new Set(rows.map((row) => row.device_type))].sort(), Object.keys(shapes).sort());
});

test("device rows name a model, e-mail and SMS rows do not", () => {
  for (const row of rows) {
    const isContact = row.device_type === "11" || row.device_type === "14";
    assert.equal(row.device_model === "", isContact);
  }
  assert.ok(rows.some((row) => row.device_model?.includes(",")));
});

test("tags are flat JSON, dates are in order, about one row in a hundred is invalid, some have no user", () => {
  const date = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
  for (const row of rows) {
    for (const value of Object.values(JSON.parse(row.tags ?? ""))) assert.equal(typeof value, "string");
    assert.match(row.created_at ?? "", date);
    assert.match(row.last_active ?? "", date);
    assert.ok((row.created_at ?? "") <= (row.last_active ?? ""));
  }
  const share = (holds: (row: Row) => boolean) => rows.filter(holds).length / rows.length;
  const invalid = share((row) => row.invalid_identifier === "t");
  assert.ok(invalid > 0.005 && invalid < 0.02, String(invalid));
  const guests = share((row) => row.external_user_id === "");
  assert.ok(guests > 0.01 && guests < 0.1, String(guests));
  assert.ok(rows.some((row) => row.tags?.includes("مریم")));
});

test("a user has one to four devices", () => {
  const devices = new Map<string, number>();
  for (const row of rows.filter(({ device_type }) => device_type !== "11" && device_type !== "14")) {
    const user = row.external_user_id ?? "";
    if (user) devices.set(user, (devices.get(user) ?? 0) + 1);
  }
  assert.deepEqual([...new Set(devices.values())].sort(), [1, 2, 3, 4]);
});
