import { isbot } from "isbot";

/** A request for a picture or link of a mail. */
export interface MailRequest {
  method: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Proxies that load a picture when somebody opens the mail, not before. */
const proxiesOfOpeners = /GoogleImageProxy|YahooMailProxy/;

/**
 * Whether a machine asks, as far as its request tells: one that looks before a person does (RFC 9110 has no header for
 * that, browsers and proxies have several), that names itself as one, or that hides what it is. Apple's Mail Privacy
 * Protection says "Mozilla/5.0" and no more, when a mail arrives and not when it is read.
 */
export function isMachine({ method, headers }: MailRequest, what: "open" | "click"): boolean {
  if (method === "HEAD") return true;
  const ahead = ["purpose", "sec-purpose", "x-purpose", "x-moz"].map((name) => String(headers[name] ?? ""));
  if (ahead.some((value) => /prefetch|prerender|preview/i.test(value))) return true;
  const agent = String(headers["user-agent"] ?? "").trim();
  if (agent === "" || agent === "Mozilla/5.0") return true;
  if (proxiesOfOpeners.test(agent)) return what === "click";
  return isbot(agent);
}

/** Scanners follow links while the mail is being delivered. */
const noReaderWithinMs = 2_000;
/** And all of them, one after another. */
const noTwoLinksWithinMs = 1_000;

/**
 * Whether a click came sooner than a person clicks: right after the mail was sent, or right after another link of it.
 * The first of several links cannot be told from a person's click when it comes, and counts as one.
 */
export function isTooQuick(click: { at: Date; sentAt: Date | null; otherLinkAt: Date | null }): boolean {
  const since = (moment: Date | null) => (moment ? click.at.getTime() - moment.getTime() : Infinity);
  return since(click.sentAt) < noReaderWithinMs || Math.abs(since(click.otherLinkAt)) < noTwoLinksWithinMs;
}
