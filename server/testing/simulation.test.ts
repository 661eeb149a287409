import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type TestContext, test } from "node:test";
import type { ReceiptRequest, Sender } from "../channels/provider.ts";
import { builtInProviders } from "../channels/registry.ts";
import { type Simulation, startSimulation } from "./simulation.ts";
import { listen } from "./stand-ins/listen.ts";
import { textMessage } from "./text-message.ts";
import { whatsappMessage } from "./whatsapp-message.ts";

const names = ["kavenegar", "kaleyra", "twilio", "meta", "360dialog", "kaleyra-whatsapp"] as const;
type Name = (typeof names)[number];
const never = new AbortController().signal;

/** Where services report, as the product has it: every request is read by the provider at the end of its address. */
async function startListener(t: TestContext, { accounts }: Simulation) {
  const states = new Map<Name, string[]>();
  const server = createServer(async (incoming, response) => {
    const request = await requestOf(incoming);
    const name = new URL(request.url).pathname.slice(1) as Name;
    const { provider, config } = openable(accounts[name]);
    const parsed = provider.parseReceipts(config, request);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    const found = parsed.receipts.map(({ subject, state }) => `${Object.keys(subject)[0]} ${state}`);
    states.set(name, [...(states.get(name) ?? []), ...found]);
    response.writeHead(200, { "content-type": parsed.answer?.type ?? "application/json" });
    response.end(parsed.answer?.body ?? "{}");
  });
  const port = await listen(server, 0);
  t.after(() => server.close());
  return { states, urlOf: (name: Name) => `http://127.0.0.1:${port}/${name}` };
}

async function requestOf(incoming: IncomingMessage): Promise<ReceiptRequest> {
  const pieces: Buffer[] = [];
  incoming.on("data", (piece: Buffer) => pieces.push(piece));
  await once(incoming, "end");
  const url = new URL(incoming.url ?? "", `http://${incoming.headers.host}`);
  return {
    ...{ method: incoming.method ?? "", url: url.href, headers: incoming.headers },
    ...{ query: Object.fromEntries(url.searchParams), body: Buffer.concat(pieces) },
  };
}

function openable(account: Simulation["accounts"][Name]) {
  const provider = builtInProviders().find(account.provider) ?? assert.fail();
  return { provider, config: provider.config.parse(account.config) };
}

async function openAll(t: TestContext, simulation: Simulation, urlOf: (name: Name) => string | null) {
  const senders = new Map<Name, Sender>();
  for (const name of names) {
    const { provider, config } = openable(simulation.accounts[name]);
    const opening = { connections: 2, receiptsUrl: urlOf(name) };
    senders.set(name, provider.open(config, { allowsPrivate: true }, opening));
  }
  t.after(async () => {
    await simulation.stop();
    await Promise.all([...senders.values()].map((sender) => sender.close()));
  });
  return senders;
}

const messageTo = (name: Name, to = "989121234567") =>
  simulatedChannel(name) === "sms" ? textMessage({ to }) : whatsappMessage({ to });
const simulatedChannel = (name: Name) =>
  name === "meta" || name === "360dialog" || name === "kaleyra-whatsapp" ? "whatsapp" : "sms";

test("services of SMS and WhatsApp report by themselves, as their providers read it", async (t) => {
  const simulation = await startSimulation({ reports: true });
  const { states, urlOf } = await startListener(t, simulation);
  const senders = await openAll(t, simulation, urlOf);
  const { whatsapp, kavenegar, kaleyra, twilio } = simulation.standIns;
  const { meta } = whatsapp.credentials;
  await fetch(`${whatsapp.url}/v25.0/${meta.wabaId}/subscribed_apps`, {
    method: "POST",
    headers: { authorization: `Bearer ${meta.accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({ override_callback_uri: urlOf("meta"), verify_token: meta.verifyToken }),
  });
  await whatsapp.settle();
  whatsapp.setWebhook(urlOf("360dialog"), "360dialog");
  kavenegar.setWebhook(urlOf("kavenegar"));
  kaleyra.setWebhook(urlOf("kaleyra-whatsapp"), "simulated-receipts-token");
  for (const [name, sender] of senders) {
    const outcome = await sender.send(messageTo(name), never);
    assert.equal(outcome.kind, "accepted", `${name} ${JSON.stringify(outcome)}`);
  }
  await Promise.all([whatsapp, kavenegar, kaleyra, twilio].map((standIn) => standIn.settle()));
  const named = (...words: string[]) => words.map((word) => `deliveryId ${word}`);
  assert.deepEqual(Object.fromEntries(states), {
    kavenegar: ["providerId sent", "providerId delivered"],
    kaleyra: named("sent", "delivered"),
    twilio: named("sent", "delivered"),
    meta: named("sent", "delivered", "seen"),
    "360dialog": named("sent", "delivered", "seen"),
    "kaleyra-whatsapp": named("sent", "delivered", "seen"),
  });
});

test("phones ask for what becomes of their messages", async (t) => {
  const simulation = await startSimulation();
  const senders = await openAll(t, simulation, () => null);
  const kinds = async (name: Name, to: string, times = 1) => {
    const found: string[] = [];
    for (let count = 0; count < times; count += 1)
      found.push((await senders.get(name)?.send(messageTo(name, to), never))?.kind ?? "");
    return found.join(" ");
  };
  const dead = { kavenegar: "gone", twilio: "gone" } as Partial<Record<Name, string>>;
  for (const [index, name] of names.entries()) {
    // Meta and 360dialog are one service, which refuses a phone twice.
    const prefix = `9891${index}`;
    assert.equal(await kinds(name, `${prefix}4040404`), dead[name] ?? "rejected", name);
    assert.equal(await kinds(name, `${prefix}4104104`), name === "kaleyra" ? "rejected" : "left", name);
    assert.equal(await kinds(name, `${prefix}4294294`, 3), "throttle throttle accepted", name);
    assert.equal(await kinds(name, `${prefix}5035035`, 3), "retry retry accepted", name);
    // Kavenegar is asked first whether it took the message, for some seconds.
    if (name !== "kavenegar") assert.equal(await kinds(name, `${prefix}5005005`), "retry", name);
  }
});
