import type { Notice, Warning } from "./formats/format.ts";
import type { ImportChannel } from "./schema.ts";

const names: Record<ImportChannel, string> = {
  inbox: "inbox",
  push: "push",
  email: "e-mail",
  sms: "SMS",
  whatsapp: "WhatsApp",
};

/** That nothing can be sent to these people yet, by the channel they are meant for. The import itself is no worse for it. */
export async function channelWarnings(
  channel: ImportChannel | null,
  isReady: (channel: ImportChannel) => Promise<boolean>,
): Promise<Warning[]> {
  if (channel === null || (await isReady(channel))) return [];
  const detail = `There is no active ${names[channel]} account yet, so nothing can be sent to these people by it until there is one. They are imported all the same.`;
  return [{ code: "channel_not_ready", column: null, detail, count: 0, line: null }];
}

/** Notices once a cause and column, with how many rows they befell. */
export function createWarnings() {
  const warnings = new Map<string, Warning>();
  return {
    add(notice: Notice): void {
      const cause = causeOf(notice);
      const known = warnings.get(cause);
      if (known) known.count += 1;
      else warnings.set(cause, { ...notice, count: 1 });
    },
    /** All that came since the start or the last time. */
    take(): Warning[] {
      const taken = [...warnings.values()];
      warnings.clear();
      return taken;
    },
  };
}

/** What makes two of them one. */
export const causeOf = ({ code, column }: Pick<Warning, "code" | "column">): string => `${code} ${column}`;
