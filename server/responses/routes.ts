import formBody from "@fastify/formbody";
import multipart from "@fastify/multipart";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import type { LinkTokens, TokenSubject } from "../links/tokens.ts";
import { type Form, obeyForm, readChoices } from "./choices.ts";
import { createCounting } from "./counting.ts";
import type { Asking } from "./leaving.ts";
import { isMachine } from "./machine.ts";
import { renderChoices, renderNothing } from "./page.ts";
import { createMessageFinder } from "./subjects.ts";
import { languageOf } from "./texts.ts";

// The smallest there is: one transparent point.
const picture = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** A form of choices has some topics in it, no files. */
const longestForm = 65_536;
/** Nobody waits longer for their page because it has to be written down that they asked for it. */
const longestWaitMs = 2_000;

const headers = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const pageHeaders = {
  ...headers,
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-robots-tag": "noindex",
};

/**
 * Where links of mails lead: to what they were written for (`/c/`), to the picture that says a mail was opened (`/o/`),
 * to the page of choices (`/u/`). Whoever asks is known by the token alone. One that is not ours, of another purpose or
 * cut leads nowhere, and why is not said.
 */
export async function responseRoutes(
  http: Http,
  { db, tokens }: { db: Database; tokens: LinkTokens },
): Promise<void> {
  const findMessage = createMessageFinder(db);
  const count = createCounting(db);
  // A few headers that are the same for all of them, which helmet would make anew.
  const route = { schema: { hide: true }, helmet: false as const };
  // Mail programs post forms, of either kind; whatever else comes asks for nothing.
  http.removeAllContentTypeParsers();
  await http.register(formBody, { bodyLimit: longestForm, parser: (text) => toForm(text) });
  await http.register(multipart, {
    attachFieldsToBody: "keyValues",
    limits: { files: 0, fields: 300, fieldSize: 4_096, parts: 300 },
  });
  http.addContentTypeParser("*", { parseAs: "string", bodyLimit: longestForm }, (_request, _body, done) =>
    done(null, null),
  );

  /** Counts an answer to a mail, without letting the person wait or fail for it. */
  async function note(
    request: FastifyRequest,
    what: "open" | "click",
    subject: TokenSubject & { link: number },
    appKey: number,
  ): Promise<void> {
    const { messageId, userKey, step, link } = subject;
    const counted = count({
      ...{ appKey, messageId, userKey, step, what, link: what === "open" ? 0 : link },
      ...{ isMachine: isMachine(request, what), at: new Date() },
    }).catch((error: unknown) =>
      request.log.error({ err: error }, "an answer to a mail could not be counted"),
    );
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, longestWaitMs);
    });
    await Promise.race([counted, waited]);
    clearTimeout(timer);
  }

  http.get("/c/:token", route, async (request, reply) => {
    const { token } = request.params as { token: string };
    const to = signedAddress(request.query as Record<string, unknown>);
    const subject = to === null ? null : tokens.read("click", token, to);
    if (!subject) return nothing(request, reply);
    const message = await findMessage(subject.messageId).catch((error: unknown) => {
      if (!to) throw error;
      request.log.error({ err: error }, "a click could not be counted");
      return null;
    });
    // Where its own address is signed along, it leads there even from a message that is kept nowhere, as of a test.
    const address = webAddress(to || message?.links[subject.link - 1]);
    if (!address) return nothing(request, reply);
    if (message) await note(request, "click", subject, message.appKey);
    return reply.headers(headers).redirect(address, 302);
  });

  http.get("/o/:picture", route, async (request, reply) => {
    const { picture: name } = request.params as { picture: string };
    const subject = name.endsWith(".gif") ? tokens.read("open", name.slice(0, -".gif".length)) : null;
    // The picture comes whatever becomes of it: also when nothing can be looked up.
    const message = subject && (await findMessage(subject.messageId).catch(() => null));
    if (subject && message) await note(request, "open", subject, message.appKey);
    return reply
      .type("image/gif")
      .headers({
        ...{ ...headers, "cache-control": "no-store, private" },
        // Mail programs of the web show it on pages of their own.
        "cross-origin-resource-policy": "cross-origin",
      })
      .send(picture);
  });

  async function asking(request: FastifyRequest): Promise<Asking | null> {
    const subject = tokens.read("leave", (request.params as { token: string }).token);
    const message = subject && (await findMessage(subject.messageId));
    return subject && message ? { subject, message } : null;
  }

  const accepted = (request: FastifyRequest) => request.headers["accept-language"]?.split(/[,;]/)[0];

  http.get("/u/:token", route, async (request, reply) => {
    const who = await asking(request);
    if (!who) return nothing(request, reply);
    const how = { accepted: accepted(request), isSaved: false };
    const choices = await db.transaction((tx) => readChoices(tx, who, how));
    return reply.headers(pageHeaders).type("text/html; charset=utf-8").send(renderChoices(choices));
  });

  http.post("/u/:token", { ...route, bodyLimit: longestForm }, async (request, reply) => {
    const who = await asking(request);
    if (!who) return nothing(request, reply);
    const form = formOf(request.body);
    const choices = await db.transaction(async (tx) => {
      const isSaved = await obeyForm(tx, who, form, new Date());
      return readChoices(tx, who, { accepted: accepted(request), isSaved });
    });
    return reply.headers(pageHeaders).type("text/html; charset=utf-8").send(renderChoices(choices));
  });
}

const nothing = (request: FastifyRequest, reply: FastifyReply) =>
  reply
    .status(404)
    .headers(pageHeaders)
    .type("text/html; charset=utf-8")
    .send(renderNothing(languageOf(request.headers["accept-language"]?.split(/[,;]/)[0])));

/** The address that was signed along; empty when there is none, null when it is not as we write it. */
function signedAddress({ to }: Record<string, unknown>): string | null {
  if (to === undefined) return "";
  return typeof to === "string" && /^[\w-]+$/.test(to) ? Buffer.from(to, "base64url").toString() : null;
}

/** As it may stand in a header: of the web, in ASCII, without breaks of lines. */
function webAddress(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === "http:" || protocol === "https:" ? href : null;
}

/** `@fastify/formbody` hands on what its parser makes, as an object of its own. */
const toForm = (text: string): Record<string, unknown> => ({ form: new URLSearchParams(text) });

function formOf(body: unknown): Form {
  if (typeof body !== "object" || body === null) return new URLSearchParams();
  if ("form" in body && body.form instanceof URLSearchParams) return body.form;
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(body))
    for (const value of [values].flat()) if (typeof value === "string") form.append(name, value);
  return form;
}
