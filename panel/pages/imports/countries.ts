import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import type { Format } from "../../ui/format.ts";

/** A country that phone numbers can be of. */
export interface Country {
  /** ISO 3166 alpha-2. */
  code: string;
  name: string;
  /** Without the plus sign. */
  callingCode: string;
  /** What a search for it may find, in lower case. */
  words: string;
}

const english = new Intl.DisplayNames("en", { type: "region" });

/** All countries that have phone numbers, in the order of their names. */
export function listCountries(format: Format): Country[] {
  return getCountries()
    .map((code) => {
      const name = format.country(code);
      const callingCode = getCountryCallingCode(code);
      return { code, name, callingCode, words: plain(`${name} ${english.of(code)} ${code} +${callingCode}`) };
    })
    .sort((a, b) => format.compare(a.name, b.name));
}

/** Arabic keyboards write yeh and kaf with other letters than Persian names have. */
export const plain = (text: string) =>
  text.trim().toLowerCase().replaceAll("ي", "ی").replaceAll("ك", "ک").replaceAll("\u200c", " ");
