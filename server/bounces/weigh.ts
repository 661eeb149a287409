/**
 * What a code of SMTP means for the address: `gone` for good; `later`, since the mailbox is full or its server away; or
 * `refused`, which is about this mail or who sends it, and says nothing of the person.
 */
export type Weight = "gone" | "later" | "refused";

/** A code of RFC 3463 such as `5.1.1`, and one of RFC 5321 such as 550, where there was one. */
export interface SmtpCodes {
  enhanced: string | null;
  basic: number | null;
}

// RFC 3463 §3: too long (5.2.3, 5.3.4), what is in it (5.6), policy and security (5.7).
const aboutTheMail = /^5\.(2\.3|3\.4|6\.\d+|7\.\d+)$/;

export function weigh({ enhanced, basic }: SmtpCodes): Weight {
  if (enhanced !== null && !/\.0\.0$/.test(enhanced)) {
    if (enhanced.startsWith("4") || enhanced === "5.2.2") return "later";
    return aboutTheMail.test(enhanced) ? "refused" : "gone";
  }
  // Without a word of what it is about, the old code says more.
  if (basic !== null) {
    if (basic < 500 || basic === 552) return "later";
    return [550, 551, 553].includes(basic) ? "gone" : "refused";
  }
  return enhanced?.startsWith("5") ? "gone" : "later";
}

/** Of several codes in a text, the first of each kind. Addresses of machines and versions are no codes. */
export function findCodes(text: string): SmtpCodes {
  const [, enhanced = null] = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)/.exec(text) ?? [];
  const [, basic] = /(?:^|[;:(]\s*|\s)([45][0-5]\d)(?:[ -](?=\S)|$)/m.exec(text) ?? [];
  return { enhanced, basic: basic === undefined ? null : Number(basic) };
}
