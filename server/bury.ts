import type { Queryable } from "./db/database.ts";
import { dropTokens, findCurrentInstallations } from "./installations/installations.ts";
import { channelsOfMessages } from "./messages/messages.ts";
import type { Bury } from "./receipts/receipts.ts";
import type { LeavableChannel } from "./users/schema.ts";
import { suppress } from "./users/suppressions.ts";
import { addressOf, findUsersToReach } from "./users/to-reach.ts";

/**
 * Sends nothing more to addresses that a provider's receipt calls dead: what they are now, since rows of deliveries
 * keep no addresses. Put together here, since receipts know neither users nor devices.
 */
export const buryDead: Bury = async (tx, dead, now) => {
  for (const appKey of new Set(dead.map((one) => one.appKey))) {
    const ofApp = dead.filter((one) => one.appKey === appKey);
    const channels = await channelsOfMessages(
      tx,
      appKey,
      ofApp.map(({ messageId }) => messageId),
    );
    const unreached: (Dead & { channel: LeavableChannel })[] = [];
    for (const one of ofApp) {
      const channel = channels.get(one.messageId)?.[one.step];
      // What a provider says of a message in an inbox is of the push that told of it.
      if (channel === "push" || channel === "inbox") await dropToken(tx, one, now);
      else if (channel) unreached.push({ ...one, channel });
    }
    await suppressAddresses(tx, appKey, unreached, now);
  }
};

type Dead = Parameters<Bury>[1][number];

async function dropToken(
  tx: Queryable,
  { appKey, userKey, installationKey }: Dead,
  now: Date,
): Promise<void> {
  const pairs = { userKeys: [userKey], installationKeys: [installationKey] };
  const device = (await findCurrentInstallations(tx, appKey, pairs)).get(installationKey);
  if (!device?.deviceToken) return;
  await dropTokens(
    tx,
    appKey,
    [
      {
        ...{ userKey: device.userKey, installationKey, token: device.deviceToken },
        ...{ isUnregistered: true, since: null },
      },
    ],
    now,
  );
}

async function suppressAddresses(
  tx: Queryable,
  appKey: number,
  dead: readonly (Dead & { channel: LeavableChannel })[],
  now: Date,
): Promise<void> {
  if (dead.length === 0) return;
  const users = await findUsersToReach(
    tx,
    appKey,
    dead.map(({ userKey }) => userKey),
  );
  const addresses = dead.flatMap(({ userKey, channel, detail }) => {
    const user = users.get(userKey);
    const address = user && addressOf(user, channel);
    return address ? [{ channel, address, reason: "address_gone", detail }] : [];
  });
  await suppress(tx, appKey, addresses, now);
}
