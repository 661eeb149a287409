import type { CampaignContent } from "../../../server/campaigns/schema.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { readNumber } from "../segments/values.ts";

type Fallback = NonNullable<CampaignContent["fallback"]>;

export const smartMedia = ["sms", "email", "whatsapp"] as const;
export type SmartMedia = (typeof smartMedia)[number];

/** Seconds of the units that a wait is given in. */
const units = { days: 86_400, hours: 3_600, minutes: 60 } as const;
export type DelayUnit = keyof typeof units;

/** As long as the server keeps a wait, in seconds. */
const mostDelay = 30 * 86_400;

/** What follows a message for whom it does not reach, as it is written. */
export interface SmartValues {
  isOn: boolean;
  media: SmartMedia;
  /** Blank is the text of the message. */
  text: string;
  policy: Fallback["policy"];
  /** How long to wait, as typed. */
  delay: string;
  unit: DelayUnit;
}

export const noSmart: SmartValues = {
  ...{ isOn: false, media: "sms", text: "", policy: "NOT_CONNECTED", delay: "1", unit: "hours" },
};

/** A push goes to those who are not connected, so that nothing can go in its place. */
export const policyOf = ({ policy }: SmartValues, channel: ChannelName): Fallback["policy"] =>
  channel === "inbox" ? policy : "NOTIFICATION_SHOWN";

/** How long to wait in seconds; null when that is no number, or too long. */
export function delayOf({ delay, unit }: SmartValues): number | null {
  const amount = readNumber(delay);
  const seconds = amount === null ? null : Math.round(amount * units[unit]);
  return seconds === null || seconds < 0 || seconds > mostDelay ? null : seconds;
}

/** What is shown of a saved campaign. */
export function readSmart(fallback: Fallback | undefined): SmartValues {
  if (fallback === undefined) return noSmart;
  const { media, content = "", policy, delay } = fallback;
  const isAtOnce = policy === "NOT_CONNECTED";
  // The largest unit that it is a whole number of.
  const [unit, seconds] = (Object.entries(units) as [DelayUnit, number][]).find(
    ([, size]) => delay > 0 && delay % size === 0,
  ) ?? ["minutes", 60];
  const wait = isAtOnce
    ? { delay: noSmart.delay, unit: noSmart.unit }
    : { delay: String(delay / seconds), unit };
  return { isOn: true, media, text: content, policy, ...wait };
}

/** What is saved; undefined for nothing. */
export function writeSmart(values: SmartValues, channel: ChannelName): Fallback | undefined {
  if (!values.isOn || (channel !== "inbox" && channel !== "push")) return undefined;
  const policy = policyOf(values, channel);
  return {
    ...{ media: values.media, policy, delay: policy === "NOT_CONNECTED" ? 0 : (delayOf(values) ?? 0) },
    ...(values.text.trim() !== "" && { content: values.text }),
  };
}
