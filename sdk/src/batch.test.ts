import assert from "node:assert/strict";
import test from "node:test";
import { nextBatch, type Queued } from "./batch.ts";

const device = { id: "phone 1", userId: "sara" };
const event = (id: string): Queued => ({ kind: "event", event: { id, eventName: "seen", createdAt: 7 } });

test("neighbouring events go in one call, in order; what is between them keeps its place", () => {
  const waiting: Queued[] = [
    event("a"),
    event("b"),
    { kind: "tags", call: "addTags", tags: ["x"] },
    event("c"),
  ];
  const batch = nextBatch(waiting, device);
  assert.equal(batch?.count, 2);
  assert.deepEqual(batch?.request, {
    method: "POST",
    path: "installations/events",
    body: {
      installationId: "phone 1",
      createdAt: 7,
      eventData: [
        { type: 2, data: { id: "a", eventName: "seen", createdAt: 7 } },
        { type: 2, data: { id: "b", eventName: "seen", createdAt: 7 } },
      ],
    },
  });
  assert.deepEqual(nextBatch(waiting.slice(2), device), {
    request: { method: "POST", path: "installations/addTags", body: { userId: "sara", tags: ["x"] } },
    count: 1,
  });
});

test("at most a hundred events go in one call", () => {
  const waiting = Array.from({ length: 130 }, (_, index) => event(String(index)));
  assert.equal(nextBatch(waiting, device)?.count, 100);
});

test("values set one after the other are one change, until something else is done with attributes", () => {
  const waiting: Queued[] = [
    { kind: "attributes", change: { attributes: { city: "Yazd", age: 3 } } },
    { kind: "attributes", change: { attributes: { city: "Shiraz" } } },
    { kind: "attributes", change: { increment: { age: 1 } } },
    { kind: "attributes", change: { attributes: { age: 9 } } },
  ];
  const batch = nextBatch(waiting, device);
  assert.equal(batch?.count, 2);
  assert.deepEqual(batch?.request.body, {
    installationId: "phone 1",
    attributes: { city: "Shiraz", age: 3 },
  });
  assert.equal(nextBatch(waiting.slice(2), device)?.count, 1);
});

test("ids and topics are escaped in addresses", () => {
  const topic: Queued = { kind: "topic", topic: "private/news", live: true, isLeft: false };
  assert.deepEqual(nextBatch([topic], device)?.request, {
    ...{ method: "PUT", path: "installations/phone%201/topics/private%2Fnews", body: { live: true } },
  });
  assert.equal(nextBatch([], device), null);
});
