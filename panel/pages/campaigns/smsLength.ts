import { SegmentedMessage } from "sms-segments-calculator";

/** How a text is sent by SMS. */
export interface SmsLength {
  /** As providers count them: a sign of the extension of GSM-7, such as €, is two. */
  characters: number;
  /** Of how many SMS it is made. */
  parts: number;
  alphabet: "GSM-7" | "UCS-2";
}

/** See {@link SmsLength}. */
export function smsLength(text: string): SmsLength {
  const message = new SegmentedMessage(text);
  return {
    characters: message.numberOfCharacters,
    parts: message.segmentsCount,
    alphabet: message.encodingName === "GSM-7" ? "GSM-7" : "UCS-2",
  };
}
