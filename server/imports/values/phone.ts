import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { europeanDigits } from "../../lib/digits.ts";
import { quoted, Rejected } from "./rejected.ts";

export interface PhoneRules {
  /** ISO 3166 alpha-2; numbers without a country code are of this country. */
  country: string | null;
  /** Strict takes digits only, as the broadcast list asks for. */
  isStrict: boolean;
}

export const isCountry = (code: string): boolean => isSupportedCountry(code);

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
  const parsed = parse(number, country);
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

function parse(number: string, country: string | null): string | null {
  const international = `+${number.replace(/^(\+|00)/, "")}`;
  const hasPrefix = international.length < number.length + 1;
  if (country !== null && !hasPrefix) {
    const national = parsePhoneNumberFromString(number, country as CountryCode); // checked by isCountry
    if (national?.isValid()) return national.number.slice(1);
  }
  const parsed = parsePhoneNumberFromString(international);
  return parsed?.isValid() ? parsed.number.slice(1) : null;
}
