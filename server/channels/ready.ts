/**
 * Whether messages can leave by a channel: the inbox is always there, the others take an active account of a provider,
 * and no provider can have one yet.
 */
export const isChannelReady = (channel: string): boolean => channel === "inbox";
