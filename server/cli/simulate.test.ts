import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { builtInProviders } from "../channels/registry.ts";
import { runCommand } from "../testing/command.ts";
import { emailMessage } from "../testing/email-message.ts";
import { entryOf } from "../testing/entry.ts";
import { pushMessage } from "../testing/push-message.ts";
import { listen } from "../testing/stand-ins/listen.ts";
import { textMessage } from "../testing/text-message.ts";
import { whatsappMessage } from "../testing/whatsapp-message.ts";

test("simulate starts every service, and accounts of its folder send to them", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chapar-simulate-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, "requests.jsonl");
  const child = spawn(
    process.execPath,
    [...entryOf("main.ts"), "simulate", "--folder", folder, "--log", log],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  t.after(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.includes("Ctrl+C")) break;
  }
  assert.equal(lines.filter((line) => line.includes("/api/providers")).length, 11);
  assert.ok(lines.some((line) => line.includes("ALLOW_PRIVATE_ADDRESSES=true")));
  assert.ok(readdirSync(folder).includes("service-account.json"));

  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const tos: Record<string, string> = {
    ...{ fcm: "a-token", apns: "ab".repeat(32), webpush: read("subscription.json"), http: "989120000000" },
    ...{ smtp: "sara@example.org", kavenegar: "989121234567", kaleyra: "989121234567" },
    ...{ twilio: "989121234567", meta: "989121234567", "360dialog": "989121234567" },
    "kaleyra-whatsapp": "989121234567",
  };
  const messageOf = (channel: string, to: string) => {
    if (channel === "email") return emailMessage({ to });
    if (channel === "whatsapp") return whatsappMessage({ to });
    return channel === "sms" ? textMessage({ to }) : pushMessage({ to });
  };
  for (const [name, to] of Object.entries(tos)) {
    const { channel, provider, config } = JSON.parse(read(`${name}-account.json`));
    const found = builtInProviders().find(provider);
    assert.ok(found);
    const sender = found.open(found.config.parse(config), { allowsPrivate: true }, { connections: 1 });
    const outcome = await sender.send(messageOf(channel, to), new AbortController().signal);
    assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
    await sender.close();
  }
  child.kill("SIGTERM");
  child.stdout.resume();
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
  const seen = read("requests.jsonl").trim().split("\n");
  assert.deepEqual(
    seen.map((line) => JSON.parse(line)).map(({ service, status }) => [service, status]),
    [
      ["fcm", 200],
      ["apns", 200],
      ["webpush", 201],
      ["http", 200],
      ["smtp", 250],
      ["kavenegar", 200],
      ["kaleyra", 202],
      ["twilio", 201],
      ["whatsapp", 200],
      ["whatsapp", 200],
      ["kaleyra", 202],
    ],
  );
  assert.ok(!/bearer|vapid t=|6D5A4B3C2E1F/i.test(read("requests.jsonl")));
});

test("simulate says what is wrong with its options", async (t) => {
  const taken = createServer();
  t.after(() => taken.close());
  const port = await listen(taken, 0);
  const cases: [string[], RegExp][] = [
    [["--hang", "2"], /--hang must be a share from 0 to 1/],
    [["--hang", "0.6", "--gone", "0.6"], /together; at most 1/],
    [["--port", String(port)], /A port is taken/],
    [["--log", "/no/such/folder/log"], /cannot be written/],
  ];
  for (const [args, words] of cases) {
    const { code, stderr } = await runCommand(["simulate", ...args]);
    assert.equal(code, 1);
    assert.match(stderr, words);
  }
});
