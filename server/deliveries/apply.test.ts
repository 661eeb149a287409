import assert from "node:assert/strict";
import { test } from "node:test";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { nilUuid } from "../lib/keys.ts";
import { createTestDatabase } from "../testing/database.ts";
import { applyReceipts } from "./apply.ts";
import { preparePartitions } from "./partitions.ts";
import { type NewDelivery, recordDeliveries } from "./record.ts";

const { db } = await createTestDatabase();

test("receipts of a group are applied however they write the ids of their messages", async () => {
  const now = new Date();
  await preparePartitions(db, now);
  const made = uuidv7();
  const messageIds = ["a", "f"].map((letter) => `${made.slice(0, -1)}${letter}`);
  const [userKey, installationKey] = [uuidv4(), uuidv4()];
  const rows = messageIds.map(
    (messageId): NewDelivery => ({
      ...{
        messageId,
        userKey,
        deliveryId: uuidv4(),
        appKey: 1,
        installationKey,
        step: 0,
        variant: 0,
        attempts: 1,
      },
      ...{ state: "sent", reason: null, code: null, detail: null, accountKey: null, providerId: null },
      ...{ findsByProviderId: false, address: null, at: now },
    }),
  );
  await db.transaction((tx) => recordDeliveries(tx, 1, rows, now));
  const [first = nilUuid, second = nilUuid] = messageIds;
  const { changed } = await db.transaction((tx) =>
    applyReceipts(
      tx,
      // As iOS writes them.
      [first, second.toUpperCase()].map((messageId) => ({
        ...{
          appKey: 1,
          subject: { messageId, installationKey, userKeys: [userKey] },
          state: "seen",
          at: now,
        },
        ...{ code: null, detail: null },
      })),
      now,
      -1,
    ),
  );
  assert.deepEqual(changed.map(({ messageId }) => messageId).sort(), messageIds);
});
