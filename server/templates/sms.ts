import { SegmentedMessage } from "sms-segments-calculator";

/** How a text is sent by SMS: how many it is made of (3GPP TS 23.038 and 23.040). */
export interface SmsLength {
  segments: number;
  /** A letter is outside of GSM-7: 70 fit into one SMS instead of 160. */
  isUnicode: boolean;
}

/** See {@link SmsLength}. */
export function smsLength(text: string): SmsLength {
  const message = new SegmentedMessage(text);
  return { segments: message.segmentsCount, isUnicode: message.encodingName !== "GSM-7" };
}
