import assert from "node:assert/strict";
import test from "node:test";
import type { Request } from "./api.ts";
import type { Queued } from "./batch.ts";
import { ChaparError } from "./errors.ts";
import { createLocks } from "./lock.ts";
import { Queue } from "./queue.ts";
import { memoryStorage, Store } from "./store.ts";
import type { Device } from "./types.ts";

const device = { id: "phone", userId: "sara" } as Device;
const tag = (name: string): Queued => ({ kind: "tags", call: "addTags", tags: [name] });

function setUp(answer: (request: Request) => Promise<unknown>, storage = memoryStorage()) {
  const errors: ChaparError[] = [];
  const sent: string[] = [];
  const queue = new Queue({
    store: new Store(storage, "t/"),
    locked: createLocks("t/", undefined),
    device: () => device,
    async call(request) {
      await answer(request);
      sent.push(...(request.body as { tags: string[] }).tags);
    },
    onError: (error) => errors.push(error),
    // The shortest pauses.
    random: () => 0.999,
  });
  return { queue, sent, errors, storage };
}

test("what waits is sent in order, also what is added meanwhile", async () => {
  const { queue, sent, storage } = setUp(async ({ body }) => {
    if ((body as { tags: string[] }).tags[0] === "a") queue.add(tag("c"));
  });
  queue.add(tag("a"));
  queue.add(tag("b"));
  await queue.flush();
  assert.deepEqual(sent, ["a", "b", "c"]);
  assert.equal(storage.length, 0);
});

test("without a network it stays, and another start with the same storage sends it", async () => {
  const offline = setUp(() => Promise.reject(new ChaparError("network", "no network")));
  offline.queue.add(tag("a"));
  offline.queue.add(tag("b"));
  await assert.rejects(offline.queue.flush(), { code: "network" });
  offline.queue.close();
  const online = setUp(async () => {}, offline.storage);
  await online.queue.flush();
  assert.deepEqual(online.sent, ["a", "b"]);
});

test("what the server refuses is dropped with an error, and the rest goes on", async () => {
  const { queue, sent, errors } = setUp(async ({ body }) => {
    if ((body as { tags: string[] }).tags[0] === "bad")
      throw new ChaparError("refused", "no such tag", { status: 422 });
  });
  for (const name of ["a", "bad", "b"]) queue.add(tag(name));
  await queue.flush();
  assert.deepEqual(sent, ["a", "b"]);
  assert.deepEqual(
    errors.map(({ code, status }) => [code, status]),
    [["refused", 422]],
  );
});

test("a failure that passes is tried again by itself", async () => {
  let failures = 1;
  const { queue, sent } = setUp(async () => {
    if (failures-- > 0) throw new ChaparError("unavailable", "busy", { status: 503 });
  });
  const done = new Promise<void>((resolve) => {
    const poll = setInterval(() => {
      if (sent.length === 0) return;
      clearInterval(poll);
      resolve();
    }, 5);
  });
  queue.add(tag("a"));
  await done;
  assert.deepEqual(sent, ["a"]);
});

test("of more than a thousand the oldest are given up, and said so", () => {
  const { queue, errors, storage } = setUp(() => new Promise(() => {}));
  for (let index = 0; index < 1_002; index++) queue.add(tag(String(index)));
  assert.equal(storage.length, 1_000);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["queue_full", "queue_full"],
  );
});
