import { europeanDigits } from "../../lib/digits.ts";

/** A phone as services write it (`+98 912…`, `0098912…`) as digits with its country code; empty where it is none. */
export function digitsOf(text: string): string {
  const digits = europeanDigits(text).replace(/[^\d]/g, "").replace(/^00/, "");
  return digits.length >= 7 && digits.length <= 15 ? digits : "";
}
