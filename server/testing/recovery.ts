// What the recovery tests share: a file to import, a message to everyone, and the sums that must come out.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { sampleHeader, sampleRows } from "../imports/sample.ts";
import { type Answer, call, until } from "./product.ts";

export const accessToken = "a-token-for-tests-that-recover-0001";
export const settings = {
  ACCESS_TOKEN: accessToken,
  APP_ID: "demo-shop",
  MQTT_PORT: "0",
  HOST: "127.0.0.1",
};
/** Enough for a machine that does something else besides. */
export const patienceMs = 60_000;

export type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;
type Numbers = Record<string, number>;

export const apiAt =
  (url: string, token = accessToken): Ask =>
  (method, path, body) =>
    call(`${url}/api${path}`, method, { "x-access-token": token }, body);

/** A file whose rows end in every way: merged, refused, and replaced by a later row, in the same batch and in another. */
export function exportFile(rows: number): Buffer {
  const lines = [...sampleRows(rows, 7)];
  const broken = lines.map((line, index) => (index % 997 === 5 ? line.replace(",", ",,,,") : line));
  const repeated = lines.filter((_line, index) => index % 400 === 17);
  return gzipSync(`${[sampleHeader, ...broken.slice(0, 50), ...repeated, ...broken.slice(50)].join("\n")}\n`);
}

export async function upload(url: string, token: string, file: Buffer): Promise<string> {
  const query = "format=onesignal&name=people.csv.gz&segment=Everyone&rowLimit=15500";
  const response = await fetch(`${url}/api/imports?${query}`, {
    method: "POST",
    headers: { "x-access-token": token, "content-type": "application/gzip" },
    body: new Uint8Array(file),
  });
  assert.equal(response.status, 202);
  return ((await response.json()) as { id: string }).id;
}

export const importEnded = (ask: Ask, id: string) =>
  until(
    async () => (await ask("GET", `/imports/${id}`)).body,
    (found) => !["queued", "validating", "importing"].includes(found.status),
    patienceMs,
  );

export const everyone = async (ask: Ask) => {
  const { users, installations } = (await ask("POST", "/segments/count", { target: {} })).body;
  const { body: segment } = await ask("POST", "/segments/count", { target: "Everyone" });
  return { users, installations, inSegment: segment.users } as {
    users: number;
    installations: number;
    inSegment: number;
  };
};

export async function sendToEveryone(ask: Ask): Promise<{ id: string; count: number }> {
  const sent = await ask("POST", "/push/byQuery", { target: {}, content: "to all of you" });
  assert.equal(sent.status, 200);
  return { id: sent.headers.get("x-push-id") ?? "", count: sent.body.count };
}

const messageFinished = (ask: Ask, id: string) =>
  until(
    async () => (await ask("GET", `/messages/${id}`)).body,
    (found) => found.status === "finished",
    patienceMs,
  );

/** Every row of a message's log, counted by its state. No row may stand there twice. */
async function logOf(ask: Ask, id: string): Promise<Numbers> {
  const csv: string = (await ask("GET", `/messages/${id}/deliveries.csv`)).body;
  const rows: { id: string; installationId: string; state: string }[] = parse(csv, { columns: true });
  assert.equal(new Set(rows.map((row) => row.id)).size, rows.length);
  assert.equal(new Set(rows.map((row) => row.installationId)).size, rows.length);
  const states: Numbers = {};
  for (const { state } of rows) states[state] = (states[state] ?? 0) + 1;
  return states;
}

/** Counters equal rows, everybody has an end state, and nobody was forgotten. */
export async function assertWhole(ask: Ask, id: string, recipients: number): Promise<void> {
  const { counts } = await messageFinished(ask, id);
  const { targeted, queued, ...ended } = counts as Numbers;
  assert.equal(targeted, recipients);
  assert.equal(queued, 0);
  const inLog = await logOf(ask, id);
  for (const [state, number] of Object.entries(ended)) assert.equal(inLog[state] ?? 0, number, state);
  assert.equal(
    Object.values(inLog).reduce((sum, number) => sum + number, 0),
    recipients,
  );
}
