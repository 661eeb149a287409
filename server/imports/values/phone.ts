import { europeanDigits } from "../../lib/digits.ts";
import { parsePhone } from "../../users/phone.ts";
import { quoted, Rejected } from "./rejected.ts";

export interface PhoneRules {
  /** ISO 3166 alpha-2; numbers without a country code are of this country. */
  country: string | null;
  /** Strict takes digits only, as the broadcast list asks for. */
  isStrict: boolean;
}

// What a spreadsheet makes of a long number that was not formatted as text.
const scientific = /^\d+([.,]\d+)?e\+?\d+$/i;

/** Whether there is more than digits in it, of whatever script. */
export const hasSymbols = (text: string): boolean => !/^\d+$/.test(europeanDigits(text));

/** E.164 digits without the plus sign (https://www.itu.int/rec/T-REC-E.164). Throws {@link Rejected}. */
export function readPhone(text: string, column: string, { country, isStrict }: PhoneRules): string {
  const number = europeanDigits(text);
  if (scientific.test(number)) {
    throw new Rejected(
      "phone_invalid",
      column,
      `${quoted(text)} has lost digits in a spreadsheet; format the column as text and export it again.`,
    );
  }
  if (isStrict && hasSymbols(number)) {
    throw new Rejected(
      "phone_has_symbols",
      column,
      `${quoted(text)} must be digits only, such as 919876543210.`,
    );
  }
  const parsed = parsePhone(number, country);
  if (parsed === null) {
    const example = country ? `of ${country}, or with its country code` : "with its country code";
    throw new Rejected(
      "phone_invalid",
      column,
      `${quoted(text)} is not a phone number ${example}, such as +989123456789.`,
    );
  }
  return parsed;
}
