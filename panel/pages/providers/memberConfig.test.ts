import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import {
  faultOfField,
  faultsOfForm,
  hiddenSecret,
  keyIdInName,
  readMemberForm,
  readServiceAccount,
  writeMemberConfig,
} from "./memberConfig.ts";

const pem = (type: "ec" | "rsa") =>
  (type === "ec"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 })
  ).privateKey
    .export({ type: "pkcs8", format: "pem" })
    .toString();

const serviceAccount = (change: object = {}) =>
  JSON.stringify({
    type: "service_account",
    project_id: "shop",
    client_email: "chapar@shop.iam.gserviceaccount.com",
    private_key: "-----BEGIN PRIVATE KEY-----\nMIIE…\n-----END PRIVATE KEY-----\n",
    ...change,
  });

const read = (config: Record<string, unknown>) =>
  readMemberForm("fcm", config) ?? assert.fail(JSON.stringify(config));

test("a configuration comes out of the form as it went in, with what the form does not show", () => {
  const config = { serviceAccount: hiddenSecret, display: "app", timeoutMs: 5000, newer: { than: "this" } };
  assert.deepEqual(writeMemberConfig("fcm", read(config), config), config);
  const hosts = {
    publicKey: "B",
    privateKey: hiddenSecret,
    subject: "mailto:a@b.c",
    allowedHosts: ["a.com", "b.com"],
  };
  assert.deepEqual(writeMemberConfig("webpush", readMemberForm("webpush", hosts) ?? {}, hosts), hosts);
});

test("what is emptied goes, and numbers may be in Persian digits", () => {
  const config = { serviceAccount: hiddenSecret, channelId: "offers", timeoutMs: 5000 };
  const form = { ...read(config), channelId: " ", timeoutMs: "۳۰۰۰" };
  assert.deepEqual(writeMemberConfig("fcm", form, config), { serviceAccount: hiddenSecret, timeoutMs: 3000 });
});

test("what the form cannot show is left to the JSON", () => {
  for (const config of [{ serviceAccount: {} }, { timeoutMs: "5000" }, { display: 1 }])
    assert.equal(readMemberForm("fcm", config), null, JSON.stringify(config));
  assert.equal(readMemberForm("webpush", { allowedHosts: "a.com" }), null);
});

test("a wrong file is told apart from the key of a service account", () => {
  const faultOf = (text: string) => faultOfField("fcm", "serviceAccount", text);
  assert.equal(faultOf(serviceAccount()), null);
  assert.equal(faultOf(hiddenSecret), null);
  assert.equal(faultOf(""), "fileRequired");
  assert.equal(faultOf("-----BEGIN PRIVATE KEY-----"), "notJson");
  assert.equal(faultOf("[]"), "notJson");
  assert.equal(faultOf(JSON.stringify({ project_info: {}, client: [] })), "googleServices");
  assert.equal(faultOf(JSON.stringify({ installed: {} })), "oauthClient");
  assert.equal(faultOf(serviceAccount({ type: "authorized_user" })), "notServiceAccount");
  assert.equal(faultOf(serviceAccount({ private_key: undefined })), "noPrivateKey");
  assert.deepEqual(readServiceAccount(serviceAccount()), {
    projectId: "shop",
    clientEmail: "chapar@shop.iam.gserviceaccount.com",
  });
  assert.equal(readServiceAccount("{}"), null);
});

test("a .p8 file is an EC key, whole", () => {
  const faultOf = (text: string) => faultOfField("apns", "privateKey", text);
  const key = pem("ec");
  assert.equal(faultOf(key), null);
  assert.equal(faultOf(key.slice(0, 120)), "brokenKey");
  assert.equal(faultOf(key.replace(/\n[^-]+\n/, "\nMIGH\n")), "brokenKey");
  assert.equal(faultOf(pem("rsa")), "otherKey");
  assert.equal(faultOf("-----BEGIN CERTIFICATE-----\n"), "certificate");
  assert.equal(faultOf(serviceAccount()), "notKey");
  assert.equal(keyIdInName("AuthKey_ABC123DEFG.p8"), "ABC123DEFG");
  assert.equal(keyIdInName("AuthKey_ABC123DEFG (1).p8"), "ABC123DEFG");
  assert.equal(keyIdInName("key.p8"), null);
});

test("every field says what is wrong with it", () => {
  const form = {
    ...{ privateKey: hiddenSecret, keyId: "abc123defg", teamId: "ABC123DEFG", bundleId: "shop" },
    ...{ environment: "", timeoutMs: "0", baseUrl: "127.0.0.1" },
  };
  assert.deepEqual(faultsOfForm("apns", form), {
    ...{ keyId: "tenCharacters", bundleId: "bundleId", timeoutMs: "number", baseUrl: "address" },
  });
  const keys = { publicKey: `B${"a".repeat(86)}`, privateKey: "b".repeat(43) };
  assert.deepEqual(faultsOfForm("webpush", { ...keys, subject: "mailto:it@example.com" }), {});
  assert.deepEqual(faultsOfForm("webpush", { ...keys, publicKey: "b", subject: "it@example.com" }), {
    publicKey: "publicKey",
    subject: "subject",
  });
  assert.deepEqual(Object.keys(faultsOfForm("webpush", {})), ["publicKey", "privateKey", "subject"]);
});
