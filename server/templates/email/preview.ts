import { decodeHTMLAttribute, escapeUTF8 } from "entities";
import { v4 as uuidv4 } from "uuid";
import type { Queryable } from "../../db/database.ts";
import type { Read, Template } from "../../lib/liquid.ts";
import { type Fault, validationProblem } from "../../lib/problem.ts";
import { needsOf } from "../needs.ts";
import { missingVariables, readEmailTemplate } from "../render.ts";
import { unknownVariables, type Vocabulary } from "../unknown.ts";
import type { Variables, VariablesFor } from "../variables.ts";
import { type CompiledEmail, compileEmail, textsOf } from "./compile.ts";
import { readPreview, writePreview } from "./queries.ts";
import type { EmailPreview, EmailPreviewRequest, EmailWarning } from "./schema.ts";
import { warningsOfSubject } from "./warnings.ts";

interface App {
  appKey: number;
  appId: string;
}

/** What the variables of an app are. Templates know neither events nor what else there is. */
export type VocabularyOf = (appKey: number) => Promise<Vocabulary>;

/** An e-mail as one user would get it, with what is to be said of it. Throws every fault of its texts. */
export async function previewEmail(
  parts: { db: Queryable; publicUrl: () => string; variablesFor: VariablesFor; vocabularyOf: VocabularyOf },
  app: App,
  request: EmailPreviewRequest,
): Promise<EmailPreview> {
  const { db, publicUrl } = parts;
  const { subject, preheader, content, email: body, userId } = request;
  const made = body && (await compileEmail({ body, preheader, text: content }, publicUrl()));
  const faults: Fault[] = made?.ok === false ? [...made.faults] : [];
  const read = (pointer: string, text: string) => {
    const template = readEmailTemplate(text, { html: false });
    if (template.ok) return template.value;
    // What was compiled has said so already.
    if (faults.every((fault) => fault.pointer !== pointer)) faults.push({ pointer, detail: template.detail });
    return null;
  };
  const texts = {
    subject: read("/subject", subject),
    preheader: read("/preheader", preheader),
    content: read("/content", content),
  };
  if (faults.length > 0) throw validationProblem(faults);
  const compiled = made?.ok ? made.email : null;
  const templates = [
    ...Object.values(texts),
    ...(body ? textsOf(body).map((one) => read(one.pointer, one.text)) : []),
  ].filter((template) => template !== null);
  const variables =
    userId === undefined ? null : withLinks(await parts.variablesFor(app, userId, needsOf(templates)));
  // They were read before, inside what they were compiled into.
  const html = compiled && fillIn(compiled.html, true, variables, "/email");
  const text = fillIn(compiled?.text ?? content, false, variables, "/content");
  const missing = variables
    ? [...new Set(templates.flatMap((template) => missingVariables(template, variables)))]
    : [];
  const page = compiled && html !== null ? withoutMarks(html, compiled) : null;
  return {
    subject: fillIn(subject, false, variables, "/subject"),
    preheader: fillIn(preheader, false, variables, "/preheader"),
    htmlUrl: page === null ? null : await keepPreview(db, app.appKey, page),
    text,
    bytes: Buffer.byteLength(page ?? text),
    missing,
    warnings: [
      ...warningsOfSubject(subject),
      ...(made?.ok ? made.warnings : []),
      ...(await warningsOfVariables(parts, app.appKey, templates)),
    ],
  };
}

/** With links that lead somewhere that exists, and do nothing. */
const withLinks = (variables: Variables): Variables => ({
  ...variables,
  ...{ unsubscribe_url: "#", preferences_url: "#" },
});

/** The text with the variables of a user, or with the variables themselves. */
function fillIn(text: string, html: boolean, variables: Variables | null, pointer: string): string {
  if (!variables) return text;
  const template = readEmailTemplate(text, { html });
  const filled: Read<string> = template.ok ? template.value.render(variables) : template;
  if (filled.ok) return filled.value;
  throw validationProblem([{ pointer, detail: filled.detail }]);
}

/** What a reader's page is without us: links lead where they were written to, and nothing tells that it was opened. */
const withoutMarks = (html: string, { mark, links }: CompiledEmail): string =>
  html
    .replace(new RegExp(`<img src="${mark}-open"[^>]*>`), "")
    .replace(
      new RegExp(`href="${mark}-(\\d+)(?:-([^"]*))?"`, "g"),
      (_, link: string, written?: string) =>
        `href="${written ?? escapeUTF8(decodeHTMLAttribute(links[Number(link) - 1] ?? "#"))}"`,
    );

/** Keeps a page for a frame of the panel, and answers its path. */
async function keepPreview(db: Queryable, appKey: number, html: string): Promise<string> {
  const previewId = uuidv4();
  await writePreview(db, appKey, { previewId, html, now: new Date() });
  return `/previews/${previewId}`;
}

/** A kept page; null when it is not there any more. */
export const findPreview = (db: Queryable, previewId: string): Promise<string | null> =>
  readPreview(db, previewId);

/** What a message looks like, as one user got it or with its variables; answers the path of the page. */
export async function previewCompiled(
  { db, variablesFor }: { db: Queryable; variablesFor: VariablesFor },
  app: App,
  email: CompiledEmail,
  userId: string | undefined,
): Promise<string> {
  const read = readEmailTemplate(email.html, { html: true });
  const needs = needsOf(read.ok ? [read.value] : []);
  const variables = userId === undefined ? null : withLinks(await variablesFor(app, userId, needs));
  return keepPreview(db, app.appKey, withoutMarks(fillIn(email.html, true, variables, "/email"), email));
}

async function warningsOfVariables(
  { vocabularyOf }: { vocabularyOf: VocabularyOf },
  appKey: number,
  templates: readonly Template[],
): Promise<EmailWarning[]> {
  const paths = templates.flatMap((template) => template.paths);
  if (paths.length === 0) return [];
  const unknown = unknownVariables(paths, await vocabularyOf(appKey));
  return unknown.slice(0, 10).map(({ detail }) => ({ code: "unknown_variable", detail }));
}
