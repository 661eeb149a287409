import type { ProviderAccount } from "../../../server/providers/schema.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { turnsOf } from "../providers/accountOrder.ts";

/** The accounts that a channel leaves by: the first ones in their order, of push for each platform. None when nothing sends. */
export function accountsFor(accounts: readonly ProviderAccount[], channel: ChannelName): ProviderAccount[] {
  const sending = accounts.filter(
    // One that rests goes on by itself.
    (account) => account.channel === channel && (account.status === "active" || account.status === "resting"),
  );
  return turnsOf(sending).flatMap(({ account, first }) => (first.length > 0 ? [account] : []));
}
