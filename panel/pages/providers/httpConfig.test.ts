import assert from "node:assert/strict";
import { test } from "node:test";
import { newHttpConfig, readHttpForm, writeHttpConfig } from "./httpConfig.ts";

const newId = () => "";

const whole = {
  method: "PUT",
  url: "https://sms.example.com/send",
  contentType: "application/json",
  body: '{"to": {{ to | json }}}',
  headers: { authorization: "••••••••" },
  secrets: { key: "••••••••" },
  success: { statuses: [200, 202], path: "result.0.code", equals: "0" },
  idPath: "messages.0.id",
  isRepeatSafe: false,
  timeoutMs: 5000,
  outcomes: { gone: ["21610"] },
  receipts: { subject: "providerId", idPath: "id", statusPath: "status", statuses: { DELIVRD: "delivered" } },
};

const read = (config: Record<string, unknown>) =>
  readHttpForm(config, newId) ?? assert.fail(JSON.stringify(config));

test("a configuration comes out of the form as it went in, with what the form does not show", () => {
  assert.deepEqual(writeHttpConfig(read(whole), whole), whole);
});

test("what is emptied in the form goes", () => {
  const form = { ...read(whole), headers: [], secrets: [], statuses: [], path: "", idPath: " " };
  const { headers: _, secrets: __, success: ___, idPath: ____, ...rest } = whole;
  assert.deepEqual(writeHttpConfig({ ...form, isRepeatSafe: false }, whole), rest);
});

test("a header without a name is left out, and a GET has no body", () => {
  const form = { ...read(newHttpConfig), method: "GET", url: " https://sms.example.com/?to={{ to }} " };
  const headers = [{ id: "1", name: " ", value: "lost" }];
  assert.deepEqual(writeHttpConfig({ ...form, headers }, newHttpConfig), {
    method: "GET",
    url: "https://sms.example.com/?to={{ to }}",
    contentType: "application/json",
    body: "",
  });
});

test("what the form cannot show is left to the JSON", () => {
  for (const config of [
    { success: { path: "status", equals: ["ok", "queued"] } },
    { success: { path: "status", equals: null } },
    { success: { statuses: ["200"] } },
    { success: "200" },
    { headers: { authorization: 1 } },
    { method: "PATCH" },
    { url: { to: 1 } },
    { isRepeatSafe: "yes" },
  ])
    assert.equal(readHttpForm(config, newId), null, JSON.stringify(config));
});
