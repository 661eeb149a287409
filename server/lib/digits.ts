const otherDigits = /[۰-۹٠-٩]/;

/** The text with Persian and Arabic digits as European ones; other letters stay. */
export function europeanDigits(text: string): string {
  if (!otherDigits.test(text)) return text;
  return text.replace(/[۰-۹٠-٩]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15));
}
