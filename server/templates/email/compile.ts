import { randomBytes } from "node:crypto";
import { type CheerioAPI, load } from "cheerio";
import { decodeHTMLAttribute, escapeUTF8 } from "entities";
import { convert } from "html-to-text";
import type { Fault } from "../../lib/problem.ts";
import { readEmailTemplate } from "../render.ts";
import { designToMjml, textsOfDesign, withTexts } from "./design.ts";
import type { EmailBody, EmailWarning } from "./schema.ts";
import { createShield, type Shield } from "./shield.ts";
import { warningsOf } from "./warnings.ts";

/** An e-mail ready to be filled in for each recipient: Liquid, with all styles in place. */
export interface CompiledEmail {
  html: string;
  /** The plain text beside it. */
  text: string;
  /** Where the counted links lead, as they were written, in the order of their numbers. */
  links: string[];
  /** Marks the counted links in `html`; nobody who fills in a variable knows it. */
  mark: string;
}

/** What an e-mail is made from. */
export interface EmailSource {
  body: EmailBody;
  preheader: string;
  /** The plain text that somebody wrote; blank to have it made. */
  text: string;
  /** How many links the other contents of the message have: numbers go on after them. */
  linksBefore?: number;
}

export type Compilation =
  | { ok: true; email: CompiledEmail; warnings: EmailWarning[] }
  | { ok: false; faults: Fault[] };

/**
 * Makes an e-mail of its source: MJML and designs become HTML, styles go into the elements that they are for, links get
 * their numbers, and the text is written. Pointers of faults begin at the campaign's content (`/email/html`).
 * `publicUrl` goes before the addresses of our own images.
 */
export async function compileEmail(source: EmailSource, publicUrl: string): Promise<Compilation> {
  const faults = faultsOf(source);
  if (faults.length > 0) return { ok: false, faults };
  const shield = createShield();
  const made = await toHtml(source, shield);
  if (!made.ok) return made;
  const finished = finish(made.html, shield, source, publicUrl);
  const torn = tornIn(finished.email, source);
  return torn.length > 0 ? { ok: false, faults: torn } : { ok: true, ...finished };
}

/** Liquid that was whole, and of which a part stood where it is not kept: in a comment, which the text does not have. */
function tornIn({ html, text }: CompiledEmail, source: EmailSource): Fault[] {
  const parts = [
    { what: "page", read: readEmailTemplate(html, { html: true }) },
    // One that somebody wrote is checked where it stands.
    ...(source.text.trim() === ""
      ? [{ what: "plain text", read: readEmailTemplate(text, { html: false }) }]
      : []),
  ];
  return parts.flatMap(({ what, read }) =>
    read.ok
      ? []
      : [
          {
            pointer: `/email/${source.body.format}`,
            detail: `has Liquid of which a part is lost in the ${what} (${read.detail}); take it out of comments and attributes`,
          },
        ],
  );
}

/** Broken Liquid, where it stands; and what a text of a design cannot hold. */
function faultsOf({ body, preheader }: EmailSource): Fault[] {
  const texts = [{ pointer: "/preheader", text: preheader, isHtml: false }, ...textsOf(body)];
  return texts.flatMap(({ pointer, text, isHtml }) => {
    const read = readEmailTemplate(text, { html: false });
    if (!read.ok) return [{ pointer, detail: read.detail }];
    if (isHtml && /<\/?mj-/i.test(text)) return [{ pointer, detail: "has a tag of MJML in it; take it out" }];
    return [];
  });
}

/** The texts of an e-mail's source, by their JSON pointers. */
export function textsOf(body: EmailBody): { pointer: string; text: string; isHtml: boolean }[] {
  if (body.format === "html") return [{ pointer: "/email/html", text: body.html, isHtml: false }];
  if (body.format === "mjml") return [{ pointer: "/email/mjml", text: body.mjml, isHtml: false }];
  return textsOfDesign(body.design).map((text) => ({ ...text, pointer: `/email/design${text.pointer}` }));
}

type Made = { ok: true; html: string } | { ok: false; faults: Fault[] };

async function toHtml({ body, preheader }: EmailSource, shield: Shield): Promise<Made> {
  switch (body.format) {
    case "html": {
      const { default: juice } = await import("juice");
      return { ok: true, html: withPreheader(juice(asPage(shield.hide(body.html))), shield.hide(preheader)) };
    }
    case "mjml": {
      const made = await fromMjml(shield.hide(body.mjml), "/email/mjml");
      if (!made.ok) return made;
      const [lost] = shield.lostFrom(made.html);
      if (lost === undefined) return { ok: true, html: withPreheader(made.html, shield.hide(preheader)) };
      const detail = `${lost} stands where MJML keeps no text; put it inside <mj-text> or <mj-raw>`;
      return { ok: false, faults: [{ pointer: "/email/mjml", detail }] };
    }
    case "design": {
      const mjml = designToMjml(withTexts(body.design, shield.hide), { preheader: shield.hide(preheader) });
      return fromMjml(mjml, "/email/design");
    }
  }
}

async function fromMjml(mjml: string, pointer: string): Promise<Made> {
  // Half a second to load, and few need it.
  const { default: mjml2html } = await import("mjml");
  try {
    const { html, errors } = await mjml2html(mjml, {
      // It would read files of ours.
      ignoreIncludes: true,
      validationLevel: "soft",
      // Its own are fetched from a third party by every reader.
      fonts: {},
    });
    if (errors.length === 0) return { ok: true, html: inFewLines(html) };
    return {
      ok: false,
      faults: errors.map(({ line, message }) => ({ pointer, detail: `line ${line}: ${message}` })),
    };
  } catch {
    return {
      ok: false,
      faults: [{ pointer, detail: "is not MJML; begin with <mjml><mj-body> and close every tag" }],
    };
  }
}

/** Its indentation is a third of a page. Lines stay short enough for mail servers (RFC 5322 §2.1.1). */
function inFewLines(html: string): string {
  const lines: string[] = [];
  for (const line of html.split(/\n\s*/)) {
    const last = lines.at(-1);
    const isBetweenTags = last?.endsWith(">") && line.startsWith("<");
    if (isBetweenTags && last !== undefined && last.length + line.length < 600)
      lines[lines.length - 1] = last + line;
    else lines.push(line);
  }
  return lines.join("\n");
}

/** A whole page of what may be a piece of one. */
function asPage(html: string): string {
  if (/<body[\s>]/i.test(html) && /<html[\s>]/i.test(html)) return html;
  const body = /<body[\s>]/i.test(html) ? html : `<body>${html}</body>`;
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head>${body}</html>`;
}

/** What lists of mails show after the subject: at the very start, and not on the page. */
function withPreheader(html: string, preheader: string): string {
  if (preheader.trim() === "") return html;
  const hidden =
    "display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;";
  const element = `<div style="${hidden}">${escapeUTF8(preheader)}</div>`;
  return html.replace(/<body(?=[\s>])[^>]*>/i, (body) => body + element);
}

function finish(
  html: string,
  shield: Shield,
  source: EmailSource,
  publicUrl: string,
): { email: CompiledEmail; warnings: EmailWarning[] } {
  // As it was written: entities stay, tables with Liquid between their rows are not mended, comments for Outlook stay.
  const page = load(html, { xml: { xmlMode: false, decodeEntities: false } });
  page("img").each((_, image) => {
    const src = page(image).attr("src") ?? "";
    if (src.startsWith("/")) page(image).attr("src", publicUrl + src);
  });
  const text = source.text.trim() === "" ? textOf(page, shield) : source.text;
  const warnings = warningsOf(page, { restore: shield.restore, text, publicUrl });
  const mark = `chapar${randomBytes(9).toString("hex")}`;
  const links = countLinks(page, shield, { mark, before: source.linksBefore ?? 0 });
  page("body").append(
    `<img src="${mark}-open" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0;">`,
  );
  return { email: { html: shield.restore(page.html()), text, links, mark }, warnings };
}

/** More are left as they were written: nobody reads a report of them. */
const mostLinks = 1_000;

/** Puts numbers in the place of addresses that are to be counted; those with variables stay beside their number. */
function countLinks(
  page: CheerioAPI,
  shield: Shield,
  { mark, before }: { mark: string; before: number },
): string[] {
  const links: string[] = [];
  page("a[href], area[href]").each((_, element) => {
    const href = page(element).attr("href") ?? "";
    const written = decodeHTMLAttribute(shield.restore(href)).trim();
    if (!isCounted(written) || links.length === mostLinks) return;
    links.push(written);
    const number = before + links.length;
    page(element).attr("href", hasLiquid(written) ? `${mark}-${number}-${href}` : `${mark}-${number}`);
  });
  return links;
}

const hasLiquid = (text: string) => /\{\{|\{%/.test(text);

/** Ours are not, nor is what leads to no page. */
const isCounted = (href: string): boolean =>
  (/^https?:\/\//i.test(href) || /^\{[{%]/.test(href)) &&
  !/\{\{-?\s*(unsubscribe_url|preferences_url)\b/.test(href);

const textOf = (page: CheerioAPI, shield: Shield): string =>
  shield
    .restore(
      convert(page.html(), {
        wordwrap: false,
        selectors: [
          { selector: "img", format: "skip" },
          { selector: "a", options: { hideLinkHrefIfSameAsText: true, linkBrackets: ["(", ")"] } },
          ...["h1", "h2", "h3", "h4"].map((selector) => ({ selector, options: { uppercase: false } })),
          // It stands before the text, and is not of it.
          { selector: 'div[style*="display:none"]', format: "skip" },
        ],
      }),
    )
    .trim();
