import { asObject, objectIn, objectsIn, wordOf } from "../json.ts";
import type { Outcome } from "../provider.ts";
import type { Answer, Exchanged } from "../transport/exchange.ts";
import { sentence } from "../words.ts";
import { readTemplate } from "./cloud-templates.ts";
import type { MessageTemplate } from "./template.ts";

/** A page has a few hundred kilobytes at most: templates have a few each. */
export const templatesOfPage = 30;
/** Meta lets a business have 6,000. */
const mostPages = 400;

type Listed = { ok: true; templates: MessageTemplate[] } | { ok: false; detail: string };

/** How a service lists templates. */
export interface TemplatePages {
  /** Asks for a page; the first one has no `after`. */
  fetch(after: string | null): Promise<Exchanged>;
  /** What a refusal means. */
  refuse(answer: Answer): Outcome;
  /** The templates of a page, and what the next one is asked for with; null for the last one. */
  read(body: Record<string, unknown>, after: string | null): { items: unknown; next: string | null };
  host: string;
  redact: (text: string) => string;
}

/** All templates, page by page. Never throws. */
export async function listPages({ fetch, refuse, read, host, redact }: TemplatePages): Promise<Listed> {
  const found = new Map<string, MessageTemplate>();
  let after: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const exchanged = await fetch(after);
    if (exchanged.kind === "broken") return { ok: false, detail: sentence(redact(exchanged.detail)) };
    if (exchanged.status < 200 || exchanged.status >= 300) {
      const outcome = refuse(exchanged);
      return { ok: false, detail: sentence("detail" in outcome ? outcome.detail : "") };
    }
    const { items, next } = read(objectIn(exchanged.body), after);
    if (!Array.isArray(items))
      return { ok: false, detail: `${host} answered with something that is no list of templates.` };
    const known = found.size;
    for (const template of objectsIn(items).map(readTemplate))
      if (template) found.set(`${template.name} ${template.language}`, template);
    // A service that leaves its own word for the next page out of account would go round for ever.
    if (next === null || found.size === known) break;
    after = next;
  }
  return { ok: true, templates: [...found.values()] };
}

/** The cursor of the next page, where there is one. Addresses in it are not gone to: they could lead anywhere. */
export function nextCursor(body: Record<string, unknown>): string | null {
  const paging = asObject(body.paging);
  if (wordOf(paging.next) === "") return null;
  return wordOf(asObject(paging.cursors).after) || null;
}
