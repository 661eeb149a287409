import type { CheerioAPI } from "cheerio";
import { decodeHTMLAttribute } from "entities";
import type { EmailWarning } from "./schema.ts";

/** Gmail cuts what is longer than 102 kB. */
const largest = 100_000;
/** With fewer letters than these beside pictures, filters take a mail for one big image. */
const fewLetters = 120;

/** What would make an e-mail land among spam, be cut, or be of no use to some. */
export function warningsOf(
  page: CheerioAPI,
  { restore, text, publicUrl }: { restore: (text: string) => string; text: string; publicUrl: string },
): EmailWarning[] {
  const warnings: EmailWarning[] = [];
  const warn = (code: EmailWarning["code"], detail: string) => warnings.push({ code, detail });
  const html = restore(page.html());
  const images = page("img").toArray();
  const links = page("a").toArray();
  const addressOf = (element: (typeof images)[number], name: string) =>
    decodeHTMLAttribute(restore(page(element).attr(name) ?? "")).trim();

  if (!/\{\{-?\s*(unsubscribe_url|preferences_url)\b/.test(html))
    warn("no_unsubscribe", "There is no link to leave; add one to {{ unsubscribe_url }}, or a footer.");

  const letters = page("body").text().replace(/\s+/g, "").length;
  if (images.length > 0 && letters < fewLetters)
    warn(
      "image_only",
      "It is hardly more than images; say in words what it is about, as many readers see no images.",
    );

  const bytes = Buffer.byteLength(html);
  if (bytes > largest)
    warn(
      "too_large",
      `It has ${Math.round(bytes / 1000)} kB; Gmail cuts what is over 102 kB. Make it shorter.`,
    );

  const withoutWords = images.filter((image) => (page(image).attr("alt") ?? "").trim() === "");
  if (withoutWords.length > 0)
    warn(
      "no_alt",
      `${countOf(withoutWords.length, "image has", "images have")} no words to stand in their place, the first ${addressOf(withoutWords[0] as (typeof images)[number], "src").slice(0, 80)}; give each an alternative text.`,
    );

  const addresses = [
    ...links.map((link) => addressOf(link, "href")),
    ...images.map((image) => addressOf(image, "src")),
  ];
  const insecure = addresses.find((address) => /^http:\/\//i.test(address) && !address.startsWith(publicUrl));
  if (insecure !== undefined)
    warn("insecure_link", `${insecure.slice(0, 80)} is not encrypted; use https:// if the site has it.`);

  const empty = links.filter((link) => ["", "#", "https://", "http://"].includes(addressOf(link, "href")));
  if (empty.length > 0)
    warn(
      "empty_link",
      `${countOf(empty.length, "link leads", "links lead")} nowhere, the first on “${page(empty[0]).text().trim().slice(0, 40)}”; give each an address.`,
    );

  const unreachable = addresses.find(isUnreachable);
  if (unreachable !== undefined)
    warn(
      "unreachable",
      unreachable.startsWith(publicUrl) || unreachable.startsWith("/")
        ? `Readers cannot reach ${publicUrl}, where images and links are served; set PUBLIC_URL to the public address of Chapar.`
        : `Readers cannot reach ${unreachable.slice(0, 80)}; use a public address.`,
    );
  else if (isUnreachable(publicUrl))
    warn(
      "unreachable",
      `Readers cannot reach ${publicUrl}, where the links to leave are served; set PUBLIC_URL to the public address of Chapar.`,
    );

  if (text.trim() === "") warn("image_only", "There is no text at all in it; say in words what it is about.");
  return warnings;
}

/** What filters take offence at in a subject. */
export function warningsOfSubject(subject: string): EmailWarning[] {
  const letters = subject.replace(/\{[{%][\s\S]*?[%}]\}/g, "").replace(/[^\p{L}]/gu, "");
  const isLoud = letters.length > 8 && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
  if (!isLoud && !/[!؟?]{3,}/.test(subject)) return [];
  const detail = "The subject shouts; capital letters alone and rows of exclamation marks look like spam.";
  return [{ code: "shouting", detail }];
}

const countOf = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

const isUnreachable = (address: string): boolean =>
  /^https?:\/\/(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])/i.test(address) ||
  /^(\/|\.\.?\/|file:|cid:)/i.test(address);
