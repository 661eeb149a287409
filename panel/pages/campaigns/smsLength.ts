import { SegmentedMessage } from "sms-segments-calculator";

/** How a text is sent by SMS. */
export interface SmsLength {
  /**
   * As providers count them: a sign of the extension of GSM-7, such as €, is two, and so is in UCS-2 one that takes two
   * units, such as most emoji.
   */
  characters: number;
  /** Of how many SMS it is made. */
  parts: number;
  alphabet: "GSM-7" | "UCS-2";
  /** The different letters that are not in GSM-7, in their order. */
  unicode: string[];
}

/** See {@link SmsLength}. */
export function smsLength(text: string): SmsLength {
  const message = new SegmentedMessage(text);
  const isLatin = message.encodingName === "GSM-7";
  return {
    // The library counts what a reader sees as one letter as one in UCS-2.
    characters: isLatin ? message.numberOfCharacters : text.length,
    parts: message.segmentsCount,
    alphabet: isLatin ? "GSM-7" : "UCS-2",
    unicode: [...new Set(message.getNonGsmCharacters())],
  };
}
