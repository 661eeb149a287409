import type { Queryable } from "../db/database.ts";
import { wishByAddress } from "./leaving.ts";
import type { LeavableChannel } from "./schema.ts";
import { noteUnreached } from "./soft-bounces.ts";
import { suppress } from "./suppressions.ts";

/** What a provider said of an address: it is dead, its person has left, or nobody was there for now. */
export interface ToldAddress {
  what: "gone" | "left" | "unreached";
  channel: LeavableChannel;
  address: string;
  deliveryId: string;
  detail: string | null;
}

/** Does as providers say, be it in an answer or in a report: the dead are not written to again, nor is who has left. */
export async function heedAddresses(
  tx: Queryable,
  appKey: number,
  told: readonly ToldAddress[],
  now: Date,
): Promise<void> {
  const those = (what: ToldAddress["what"]) => told.filter((one) => one.what === what);
  const dead = those("gone").map(({ channel, address, detail }) => ({
    ...{ channel, address, reason: "address_gone", detail },
  }));
  await suppress(tx, appKey, dead, now);
  for (const channel of new Set(told.map((one) => one.channel))) {
    const of = (what: ToldAddress["what"]) => those(what).filter((one) => one.channel === channel);
    const stops = of("left").map(({ address }) => ({ address, wants: "stop" as const }));
    await wishByAddress(tx, appKey, channel, stops, now);
    await noteUnreached(tx, appKey, channel, of("unreached"), now);
  }
}
