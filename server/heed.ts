import type { Queryable } from "./db/database.ts";
import { dropTokens, findCurrentInstallations } from "./installations/installations.ts";
import type { Heed, ToldRecipient } from "./receipts/receipts.ts";
import { learnWhatsappIds, wishByAddress } from "./users/leaving.ts";
import type { LeavableChannel } from "./users/schema.ts";
import { addressOf, findUsersToReach } from "./users/to-reach.ts";
import { heedAddresses } from "./users/told.ts";

/**
 * Does as reports of providers say about people and their addresses, as these are now, since rows of deliveries keep no
 * addresses. Put together here, since receipts know neither users nor devices.
 */
export const heed: Heed = {
  async told(tx, recipients, now) {
    for (const appKey of new Set(recipients.map((one) => one.appKey))) {
      const ofApp = recipients.filter((one) => one.appKey === appKey);
      const people: OfPerson[] = [];
      for (const one of ofApp) {
        const { channel } = one;
        if (channel !== "push") people.push({ ...one, channel });
        else if (one.what === "gone") await dropToken(tx, one, now);
      }
      await heedPeople(tx, appKey, people, now);
    }
  },

  async wishes(tx, { appKey, channel }, wishes, now) {
    if (channel !== "push") await wishByAddress(tx, appKey, channel, wishes, now);
  },

  people: learnWhatsappIds,
};

type OfPerson = Omit<ToldRecipient, "channel"> & { channel: LeavableChannel };

async function dropToken(
  tx: Queryable,
  { appKey, userKey, installationKey }: ToldRecipient,
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

async function heedPeople(
  tx: Queryable,
  appKey: number,
  people: readonly OfPerson[],
  now: Date,
): Promise<void> {
  if (people.length === 0) return;
  const users = await findUsersToReach(
    tx,
    appKey,
    people.map(({ userKey }) => userKey),
  );
  const reached = people.flatMap((one) => {
    const user = users.get(one.userKey);
    const address = user && addressOf(user, one.channel);
    return address ? [{ ...one, address }] : [];
  });
  await heedAddresses(tx, appKey, reached, now);
}
