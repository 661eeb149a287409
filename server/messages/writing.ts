import type { Read, Template } from "../lib/liquid.ts";
import { type Fault, validationProblem } from "../lib/problem.ts";
import { type Needs, needsOf, noNeeds } from "../templates/needs.ts";
import { missingVariables, readEmailTemplate, readTemplate, renderTemplate } from "../templates/render.ts";
import type { Variables } from "../templates/variables.ts";
import { faultOfValue, filledTemplate, valuesOfTemplate } from "../templates/whatsapp/values.ts";
import type { MessageContent } from "./schema.ts";

/** What one user gets of a message: its texts filled in, or why it cannot be. */
export type Written =
  | { ok: true; content: MessageContent }
  | { ok: false; reason: "template_failed" | "missing_variable"; detail: string };

/** A message's texts, read once for all of its recipients. */
export interface Writing {
  /** Whether it speaks of who gets it: else everybody gets the same. */
  isPersonal: boolean;
  /** What it speaks of besides the user. */
  needs: Needs;
  promo: MessageContent["promo"];
  write(variables: Variables): Written;
}

const notificationTexts = ["title", "body", "text", "clickUrl"] as const;

/** Where the texts of a message are broken, and what would mend them. */
export const faultsOfTexts = (content: MessageContent): Fault[] =>
  content.template ? readTexts(content).faults : [];

/** Reads the texts of a message, which are templates if it says so. Throws a validation problem where one is broken. */
export function readWriting(content: MessageContent): Writing {
  const asIs: Written = { ok: true, content };
  if (!content.template) return { isPersonal: false, needs: noNeeds, promo: undefined, write: () => asIs };
  const { templates, faults } = readTexts(content);
  if (faults.length > 0) throw validationProblem(faults);
  const isPersonal = templates.some(([, { template }]) => !template.isPlain);
  return {
    isPersonal,
    needs: needsOf(templates.map(([, { template }]) => template)),
    promo: content.promo,
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
export function rememberWritings(): (message: { messageId: string; content: MessageContent }) => Writing {
  const kept = new Map<string, Writing>();
  return ({ messageId, content }) => {
    const known = kept.get(messageId);
    if (known) return known;
    const writing = readWriting(content);
    kept.set(messageId, writing);
    const oldest = kept.keys().next();
    if (kept.size > keptWritings && !oldest.done) kept.delete(oldest.value);
    return writing;
  };
}
