import { europeanDigits } from "../../../server/lib/digits.ts";

/** A number above zero as people type it, in Persian digits and with a Persian decimal point too; null when there is none. */
export function readAmount(text: string): number | null {
  const latin = europeanDigits(text.trim()).replace(/[٬,]/g, "").replace(/[٫/]/, ".");
  const amount = /^\d+(\.\d+)?$/.test(latin) ? Number(latin) : 0;
  return amount > 0 ? amount : null;
}
