/** Words of the pages that readers of mails see. */
const languages = ["en", "fa"] as const;
export type Language = (typeof languages)[number];

export interface Texts {
  title: string;
  /** `app` and `address` are safe to stand in HTML already. */
  for: (app: string, address: string) => string;
  whatToHear: string;
  topicsHint: string;
  saveTopics: string;
  hearsAll: string;
  leaveAll: string;
  leftAll: string;
  returnToAll: string;
  gone: string;
  saved: string;
  nothingHere: string;
}

export const textsOf: Record<Language, Texts> = {
  en: {
    title: "Your e-mails",
    for: (app, address) => `What ${app} sends to ${address}`,
    whatToHear: "What would you like to hear of?",
    topicsHint: "What you untick is not sent to you any more.",
    saveTopics: "Save",
    hearsAll: "You get e-mails from us.",
    leaveAll: "Unsubscribe from all e-mails",
    leftAll: "You are unsubscribed: you get no more e-mails from us.",
    returnToAll: "Undo: send me e-mails again",
    gone: "You get no e-mails from us.",
    saved: "Saved. This is how it is now:",
    nothingHere: "There is nothing at this address. Perhaps the link was cut when it was copied.",
  },
  fa: {
    title: "ایمیل‌های شما",
    for: (app, address) => `آنچه ${app} به ${address} می‌فرستد`,
    whatToHear: "دوست دارید از چه چیزهایی باخبر شوید؟",
    topicsHint: "هر چه را بردارید، دیگر برایتان فرستاده نمی‌شود.",
    saveTopics: "ذخیره",
    hearsAll: "شما از ما ایمیل دریافت می‌کنید.",
    leaveAll: "لغو دریافت همهٔ ایمیل‌ها",
    leftAll: "اشتراک شما لغو شد: دیگر از ما ایمیلی نمی‌گیرید.",
    returnToAll: "بازگردانی: دوباره برایم ایمیل بفرستید",
    gone: "شما از ما ایمیلی دریافت نمی‌کنید.",
    saved: "ذخیره شد. اکنون چنین است:",
    nothingHere: "در این نشانی چیزی نیست. شاید پیوند هنگام رونوشت بریده شده باشد.",
  },
};

/** The first of these that is one of ours; English where none is. Tags of BCP 47, such as `fa-IR`. */
export function languageOf(...tags: (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const known = languages.find((language) => tag?.trim().toLowerCase().split(/[-_]/)[0] === language);
    if (known) return known;
  }
  return "en";
}
