import type { Read, Template } from "../lib/liquid.ts";
import { type Fault, validationProblem } from "../lib/problem.ts";
import { allNeeds, type Needs, needsOf, noNeeds } from "../templates/needs.ts";
import { missingVariables, readEmailTemplate, readTemplate, renderTemplate } from "../templates/render.ts";
import type { Variables } from "../templates/variables.ts";
import { faultOfValue, filledTemplate, valuesOfTemplate } from "../templates/whatsapp/values.ts";
import type { Edition, MessageContent, Platform } from "./schema.ts";

/** What one user gets of a message: its texts filled in, or why it cannot be. */
export type Written =
  | { ok: true; content: MessageContent }
  | { ok: false; reason: "template_failed" | "missing_variable"; detail: string };

/** A message's texts, read once for all of its recipients. */
export interface Writing {
  /** Whether it speaks of who gets it, or differently to some: else everybody gets the same. */
  isPersonal: boolean;
  /** What it speaks of besides the user. */
  needs: Needs;
  promo: MessageContent["promo"];
  /** Whether there is a promo code in what a reader gets. */
  hasCode(reader?: Reader): boolean;
  write(variables: Variables, reader?: Reader): Written;
}

/** What says which edition somebody reads. */
export interface Reader {
  platform: Platform | null;
  language: string | null;
}

const anybody: Reader = { platform: null, language: null };

const notificationTexts = ["title", "body", "text", "clickUrl"] as const;

/** Where the texts of a message are broken, and what would mend them. */
export const faultsOfTexts = (content: MessageContent): Fault[] =>
  content.template
    ? [
        ...readTexts(content).faults,
        ...(content.editions ?? []).flatMap((edition, index) =>
          readTexts(withEdition(content, edition))
            .faults.filter(({ pointer }) => isIn(edition, pointer))
            .map(({ pointer, detail }) => ({ pointer: `/editions/${index}${pointer}`, detail })),
        ),
      ]
    : [];

/** Whether an edition has this text of its own: what it has not is looked at once, with the rest. */
const isIn = (edition: Edition, pointer: string): boolean => {
  const [, member = "", inner] = pointer.split("/");
  const own = (edition as Record<string, unknown>)[member];
  return member === "notification"
    ? (own as Record<string, unknown>)?.[inner ?? ""] !== undefined
    : own !== undefined;
};

/** Reads the texts of a message, which are templates if it says so. Throws a validation problem where one is broken. */
export function readWriting(content: MessageContent): Writing {
  const { editions = [] } = content;
  if (editions.length === 0) return readOne(content);
  const others = editions.map((edition) => ({ edition, writing: readOne(withEdition(content, edition)) }));
  const rest = readOne({ ...content, editions: undefined });
  const fitting = (reader: Reader) => others.find(({ edition }) => isFor(edition, reader))?.writing ?? rest;
  return {
    isPersonal: true,
    needs: allNeeds([rest, ...others.map(({ writing }) => writing)].map(({ needs }) => needs)),
    promo: content.promo,
    hasCode: (reader = anybody) => fitting(reader).hasCode(),
    write: (variables, reader = anybody) => fitting(reader).write(variables),
  };
}

/** Whether an edition is for somebody: `fa` also for those who speak `fa-IR`, since that is a sort of it. */
function isFor({ platform, language }: Edition, reader: Reader): boolean {
  if (platform !== undefined && platform !== reader.platform) return false;
  if (language === undefined) return true;
  const [spoken, wanted] = [reader.language?.toLowerCase().replaceAll("_", "-"), language.toLowerCase()];
  return spoken === wanted || spoken?.startsWith(`${wanted}-`) === true;
}

/** A message in the words of an edition; a notification keeps what the edition says nothing of. */
function withEdition(content: MessageContent, edition: Edition): MessageContent {
  const { language: _, platform: __, notification, ...words } = edition;
  const own: Partial<MessageContent> = Object.fromEntries(
    Object.entries(words).filter(([, value]) => value !== undefined),
  );
  return {
    ...{ ...content, ...own, editions: undefined },
    ...(notification || content.notification
      ? { notification: { ...content.notification, ...notification } }
      : {}),
  };
}

/** A message that says the same to all, but for their variables. */
function readOne(content: MessageContent): Writing {
  const asIs: Written = { ok: true, content };
  if (!content.template)
    return { isPersonal: false, needs: noNeeds, promo: undefined, hasCode: () => false, write: () => asIs };
  const { templates, faults } = readTexts(content);
  if (faults.length > 0) throw validationProblem(faults);
  const isPersonal = templates.some(([, { template }]) => !template.isPlain);
  const needs = needsOf(templates.map(([, { template }]) => template));
  return {
    ...{ isPersonal, needs, promo: content.promo },
    hasCode: () => needs.promo,
    write(variables) {
      if (content.missing === "skip") {
        const missing = templates.flatMap(([, { template }]) => missingVariables(template, variables));
        if (missing.length > 0)
          return {
            ok: false,
            reason: "missing_variable",
            detail: [...new Set(missing)].slice(0, 5).join(", "),
          };
      }
      const rendered = new Map<string, string>();
      for (const [pointer, { render }] of templates) {
        const text = render(variables);
        if (!text.ok) return { ok: false, reason: "template_failed", detail: `${pointer}: ${text.detail}` };
        const fault = pointer.startsWith("/whatsapp/") ? faultOfValue(pointer, text.value) : null;
        if (fault !== null) return { ok: false, ...fault };
        rendered.set(pointer, text.value);
      }
      return { ok: true, content: withTexts(content, rendered) };
    },
  };
}

/** A text that was read, and how to fill it in. */
interface ReadText {
  template: Template;
  render(variables: Variables): Read<string>;
}

function readTexts(content: MessageContent) {
  const faults: Fault[] = [];
  const templates: [pointer: string, text: ReadText][] = [];
  for (const [pointer, text] of textsOf(content)) {
    const read = readText(pointer, text);
    if (read.ok) templates.push([pointer, read.value]);
    else faults.push({ pointer, detail: read.detail });
  }
  return { faults, templates };
}

function readText(pointer: string, text: string): Read<ReadText> {
  if (pointer.startsWith("/email/")) {
    const read = readEmailTemplate(text, { html: pointer === "/email/html" });
    return read.ok ? { ok: true, value: { template: read.value, render: read.value.render } } : read;
  }
  const read = readTemplate(text);
  if (!read.ok) return read;
  const template = read.value;
  return { ok: true, value: { template, render: (variables) => renderTemplate(template, variables) } };
}

/** The texts that may have variables, by their JSON pointers. */
function textsOf({
  content,
  subject,
  email,
  whatsapp,
  alertText,
  notification,
  fallback,
}: MessageContent): [string, string][] {
  const texts: [string, string | undefined][] = [
    // What a template says is in its values.
    ["/content", whatsapp ? undefined : content],
    ["/subject", subject],
    ["/email/html", email?.html],
    ["/email/text", email?.text],
    ...valuesOfTemplate(whatsapp),
    ["/alertText", alertText],
    ["/fallback/content", fallback?.content],
    ...notificationTexts.map((name): [string, string | undefined] => [
      `/notification/${name}`,
      textIn(notification, name),
    ]),
  ];
  return texts.filter((entry): entry is [string, string] => entry[1] !== undefined);
}

const textIn = (notification: MessageContent["notification"], name: string): string | undefined => {
  const value = notification?.[name];
  return typeof value === "string" ? value : undefined;
};

function withTexts(given: MessageContent, texts: ReadonlyMap<string, string>): MessageContent {
  const { content, subject, email, whatsapp, alertText, notification, fallback } = given;
  return {
    ...given,
    content: texts.get("/content") ?? content,
    ...(subject === undefined ? {} : { subject: texts.get("/subject") ?? subject }),
    ...(email
      ? {
          email: {
            ...email,
            html: texts.get("/email/html") ?? email.html,
            text: texts.get("/email/text") ?? email.text,
          },
        }
      : {}),
    ...(whatsapp ? { whatsapp: filledTemplate(whatsapp, texts) } : {}),
    ...(alertText === undefined ? {} : { alertText: texts.get("/alertText") ?? alertText }),
    ...(fallback
      ? { fallback: { ...fallback, content: texts.get("/fallback/content") ?? fallback.content } }
      : {}),
    ...(notification
      ? {
          notification: {
            ...notification,
            ...Object.fromEntries(
              notificationTexts.flatMap((name) => {
                const text = texts.get(`/notification/${name}`);
                return text === undefined ? [] : [[name, text]];
              }),
            ),
          },
        }
      : {}),
  };
}

const keptWritings = 200;

/** Remembers the writings of the latest messages: their chunks come one after another. */
export function rememberWritings(): (message: {
  messageId: string;
  variant: number;
  content: MessageContent;
}) => Writing {
  const kept = new Map<string, Writing>();
  return ({ messageId, variant, content }) => {
    const name = `${messageId}/${variant}`;
    const known = kept.get(name);
    if (known) return known;
    const writing = readWriting(content);
    kept.set(name, writing);
    const oldest = kept.keys().next();
    if (kept.size > keptWritings && !oldest.done) kept.delete(oldest.value);
    return writing;
  };
}
