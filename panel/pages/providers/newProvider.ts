import { type ChannelName, channels } from "../../ui/channels.tsx";

/** A channel that leaves by an account; the inbox is ours. */
export type AccountChannel = Exclude<ChannelName, "inbox">;

/** In the order the panel shows channels. */
export const accountChannels = channels.filter((channel): channel is AccountChannel => channel !== "inbox");

/** What a link to the form of a new account says. */
export interface NewProviderSearch {
  channel?: AccountChannel;
  provider?: string;
}

/** See {@link NewProviderSearch}. */
export function readNewProvider(search: Record<string, unknown>): NewProviderSearch {
  const channel = accountChannels.find((item) => item === search.channel);
  return {
    ...(channel !== undefined && { channel }),
    ...(typeof search.provider === "string" && { provider: search.provider }),
  };
}
