import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { europeanDigits } from "../lib/digits.ts";

/** Digits of any script as European ones, without the marks that a number copied from a text from right to left brings along. */
const asWritten = (text: string): string =>
  europeanDigits(text).replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

export const isCountry = (code: string): boolean => isSupportedCountry(code);

/**
 * E.164 digits without the plus sign (https://www.itu.int/rec/T-REC-E.164), null when it is no phone number. `country`
 * (ISO 3166 alpha-2) is that of numbers without a country code.
 */
export function parsePhone(text: string, country: string | null): string | null {
  const number = asWritten(text).trim();
  const international = `+${number.replace(/^(\+|00)/, "")}`;
  const hasPrefix = international.length < number.length + 1;
  if (country !== null && !hasPrefix) {
    const national = parsePhoneNumberFromString(number, country as CountryCode); // checked by isCountry
    if (national?.isValid()) return national.number.slice(1);
  }
  const parsed = parsePhoneNumberFromString(international);
  return parsed?.isValid() ? parsed.number.slice(1) : null;
}

const callingCodes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];

/** Fewer digits are the start of too many numbers. */
const minSearchDigits = 6;

/**
 * What stored numbers begin with that somebody means by a number, or the start of one, however it is written; none when
 * it is no number. One without a country code may be of any country: 0912… is 98912…, and that under every other code,
 * which the index is asked in a millisecond.
 */
export function phoneStarts(search: string): string[] {
  const written = asWritten(search);
  if (!/^[\s(]*\+?[\d\s().\-/]+$/.test(written)) return [];
  const digits = written.replace(/\D/g, "");
  const international = written.includes("+") ? digits : /^00(\d+)$/.exec(digits)?.[1];
  if (international !== undefined) return international.length < minSearchDigits ? [] : [international];
  if (digits.length < minSearchDigits) return [];
  // The zero that calls within a country put first is no part of the number, except in a few countries.
  const national = digits.startsWith("0") ? [digits.slice(1), digits] : [digits];
  return [...national.flatMap((rest) => callingCodes.map((code) => code + rest)), digits];
}

const countries = new Map<string, string | null>();

/** The country that a time zone (IANA) is of; null where it is of several or none, such as UTC. */
export function countryOfTimeZone(timeZone: string): string | null {
  const known = countries.get(timeZone);
  if (known !== undefined) return known;
  const [country = null, ...others] = getCountries().filter((code) => timeZonesOf(code).includes(timeZone));
  const found = others.length === 0 ? country : null;
  // Remembered: looking at every country takes 80 ms.
  countries.set(timeZone, found);
  return found;
}

// Newer engines have a method and no property; TypeScript knows neither.
function timeZonesOf(country: string): string[] {
  const locale = new Intl.Locale(`und-${country}`) as { getTimeZones?(): string[]; timeZones?: string[] };
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}
