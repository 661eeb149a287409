import { strings } from "./strings.ts";

export type Language = "en" | "fa";

const kept = "shop-language";

/** The visitor's own choice, or else what the browser prefers. */
export function firstLanguage(): Language {
  const chosen = localStorage.getItem(kept);
  if (chosen === "en" || chosen === "fa") return chosen;
  return navigator.language.startsWith("fa") ? "fa" : "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(kept, language);
}

/** How numbers, money and times are written. */
export function formats(language: Language) {
  const locale = language === "fa" ? "fa-IR" : "en-GB";
  const number = new Intl.NumberFormat(locale);
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
  const euros = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "EUR",
    maximumFractionDigits: 0,
  });
  return {
    text: strings[language],
    number: (value: number) => number.format(value),
    price: ({ euros: inEuros, tomans }: { euros: number; tomans: number }) =>
      language === "fa" ? `${number.format(tomans)} تومان` : euros.format(inEuros),
    when: (milliseconds: number, now: number) =>
      new Date(milliseconds).toDateString() === new Date(now).toDateString()
        ? time.format(milliseconds)
        : day.format(milliseconds),
  };
}

export type Formats = ReturnType<typeof formats>;
