import type { Channel } from "../../server/channels/schema.ts";
import type { Strings } from "../strings/en.ts";

type Words = Pick<Strings["messages"], "states" | "stateHints" | "steps">;

/** What states are called on a channel: on WhatsApp what was seen was read, and by phone nothing waits to be fetched. */
export function stateWords({ messages, whatsapp }: Strings, channel: Channel | undefined): Words {
  if (channel !== "sms" && channel !== "whatsapp") return messages;
  const steps = { ...messages.steps, reached: messages.states.sent };
  if (channel === "sms") return { ...messages, steps };
  const { read, readHint } = whatsapp.report;
  return {
    states: { ...messages.states, seen: read },
    stateHints: { ...messages.stateHints, seen: readHint },
    steps: { ...steps, seen: read },
  };
}

/** What a code of a provider means, in words; null for one that we have none for. */
export function codeWords(
  { sms, whatsapp }: Strings,
  channel: Channel | undefined,
  code: string | null,
): string | null {
  const words = channel === "sms" ? sms.codes : channel === "whatsapp" ? whatsapp.codes : {};
  return (code !== null && words[code]) || null;
}
