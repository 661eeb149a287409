import { europeanDigits } from "../../../server/lib/digits.ts";

/** A whole number from 1 as people type it, in Persian digits and with thousands marks too; null when there is none. */
export function readCount(text: string): number | null {
  const number = Number(europeanDigits(text).replace(/\D/g, ""));
  return number > 0 ? number : null;
}
