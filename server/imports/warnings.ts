import type { Warning } from "./formats/format.ts";
import type { ImportChannel } from "./schema.ts";

const names: Record<ImportChannel, string> = {
  inbox: "inbox",
  push: "push",
  email: "e-mail",
  sms: "SMS",
  whatsapp: "WhatsApp",
};

/** That nothing can be sent to these people yet, by the channel they are meant for. The import itself is no worse for it. */
export function channelWarnings(
  channel: ImportChannel | null,
  isChannelReady: (channel: ImportChannel) => boolean,
): Warning[] {
  if (channel === null || isChannelReady(channel)) return [];
  const detail = `There is no active ${names[channel]} account yet, so nothing can be sent to these people by it until there is one. They are imported all the same.`;
  return [{ code: "channel_not_ready", column: null, detail, count: 0, line: null }];
}
