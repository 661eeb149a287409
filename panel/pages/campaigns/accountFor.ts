import type { ProviderAccount } from "../../../server/providers/schema.ts";
import type { ChannelName } from "../../ui/channels.tsx";

/** The account that a channel leaves by: of those that send, the one with the lowest number. Null when none does. */
export function accountFor(
  accounts: readonly ProviderAccount[],
  channel: ChannelName,
): ProviderAccount | null {
  const sending = accounts.filter(
    // One that rests goes on by itself.
    (account) => account.channel === channel && (account.status === "active" || account.status === "resting"),
  );
  return sending.sort((a, b) => a.priority - b.priority)[0] ?? null;
}
