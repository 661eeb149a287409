import type { SegmentNumbers } from "../../../server/segments/schema.ts";
import type { ChannelName } from "../../ui/channels.tsx";

/** Inbox and push go to devices, the others to users. */
export const countsDevices = (channel: ChannelName): boolean => channel === "inbox" || channel === "push";

/** How many the channel reaches, of how many. */
export const reachOf = (count: SegmentNumbers, channel: ChannelName): { reached: number; total: number } => ({
  reached: count.reach[channel],
  total: countsDevices(channel) ? count.installations : count.users,
});
