import assert from "node:assert/strict";
import { test } from "node:test";
import { smtpProvider } from "../channels/email/smtp.ts";
import { startTestProduct } from "../testing/product.ts";
import { startDnsStandIn } from "../testing/stand-ins/dns.ts";
import type { DnsRecordCheck } from "./schema.ts";

test("records to copy are found, missing, others than ours, or not to be known", async (t) => {
  const dns = await startDnsStandIn();
  t.after(() => dns.stop());
  const product = await startTestProduct(t, { DNS_SERVERS: dns.address });
  const keys = smtpProvider.makeKeys?.() ?? {};
  const made = await product.call("POST", "/api/providers", {
    ...{ channel: "email", provider: "smtp", name: "Mail" },
    config: {
      ...{ host: "smtp.relay.example", fromEmail: "news@shop.example", bounceDomain: "bounce.shop.example" },
      ...{ dkimDomain: "shop.example", ...keys },
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const check = async (): Promise<Record<string, DnsRecordCheck>> => {
    const { status, body } = await product.call("GET", `/api/providers/${made.body.id}/dns`);
    assert.equal(status, 200, JSON.stringify(body));
    return Object.fromEntries(body.records.map((record: DnsRecordCheck) => [record.purpose, record]));
  };
  const statuses = async () =>
    Object.fromEntries(Object.entries(await check()).map(([purpose, { status }]) => [purpose, status]));

  const before = await check();
  assert.deepEqual(await statuses(), {
    spf: "missing",
    dkim: "missing",
    dmarc: "missing",
    bounce: "missing",
  });
  assert.equal(before.dkim?.name, "chapar._domainkey.shop.example");
  assert.match(before.dkim?.value ?? "", /^v=DKIM1; k=rsa; p=MII[\w+/=]{300,}$/);
  assert.doesNotMatch(JSON.stringify(before), /PRIVATE/);

  // As it was copied: a key is longer than one text of the DNS may be.
  for (const { type, name, value } of Object.values(before)) dns.records.set(`${type} ${name}`, [value]);
  assert.deepEqual(await statuses(), { spf: "ok", dkim: "ok", dmarc: "ok", bounce: "ok" });

  dns.records.set("TXT chapar._domainkey.shop.example", ["v=DKIM1; p=MIIother"]);
  dns.records.set("TXT bounce.shop.example", ["v=spf1 include:a.example ~all", "v=spf1 mx -all"]);
  dns.records.set("TXT _dmarc.shop.example", ["v=DMARC1; rua=mailto:x@shop.example"]);
  const after = await check();
  assert.deepEqual(await statuses(), {
    spf: "different",
    dkim: "different",
    dmarc: "different",
    bounce: "ok",
  });
  assert.match(after.spf?.detail ?? "", /several SPF records/);
  assert.match(after.dkim?.detail ?? "", /Another key is there/);
  assert.match(after.dmarc?.detail ?? "", /no policy/);

  await product.call("PATCH", `/api/providers/${made.body.id}`, {
    config: { host: "smtp.relay.example", fromEmail: "news@shop.example" },
  });
  assert.deepEqual(Object.keys(await check()), ["spf", "dmarc"]);
});
