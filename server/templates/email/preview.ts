import { decodeHTMLAttribute, escapeUTF8 } from "entities";
import { v4 as uuidv4 } from "uuid";
import type { Queryable } from "../../db/database.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import type { Read } from "../../lib/liquid.ts";
import { type Fault, validationProblem } from "../../lib/problem.ts";
import { getUser, readAttributes } from "../../users/users.ts";
import { missingVariables, readEmailTemplate } from "../render.ts";
import { type Variables, variablesOf } from "../variables.ts";
import { type CompiledEmail, compileEmail, textsOf } from "./compile.ts";
import { readPreview, writePreview } from "./queries.ts";
import type { EmailPreview, EmailPreviewRequest, EmailWarning } from "./schema.ts";
import { warningsOfSubject } from "./warnings.ts";

interface App {
  appKey: number;
  appId: string;
}

/** An e-mail as one user would get it, with what is to be said of it. Throws every fault of its texts. */
export async function previewEmail(
  db: Queryable,
  app: App,
  request: EmailPreviewRequest,
  publicUrl: string,
): Promise<EmailPreview> {
  const { subject, preheader, content, email: body, userId } = request;
  const made = body && (await compileEmail({ body, preheader, text: content }, publicUrl));
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
  const variables = userId === undefined ? null : await variablesFor(db, app, userId);
  // They were read before, inside what they were compiled into.
  const html = compiled && fillIn(compiled.html, true, variables, "/email");
  const text = fillIn(compiled?.text ?? content, false, variables, "/content");
  const templates = [
    ...Object.values(texts),
    ...(body ? textsOf(body).map((one) => read(one.pointer, one.text)) : []),
  ].filter((template) => template !== null);
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
      ...(await unknownVariables(
        db,
        app.appKey,
        templates.flatMap(({ paths }) => paths),
      )),
    ],
  };
}

async function variablesFor(db: Queryable, app: App, userId: string): Promise<Variables> {
  const user = await getUser(db, app, userId);
  // Somewhere that exists, and does nothing.
  return { ...variablesOf(user), unsubscribe_url: "#", preferences_url: "#" };
}

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
  db: Queryable,
  app: App,
  email: CompiledEmail,
  userId: string | undefined,
): Promise<string> {
  const variables = userId === undefined ? null : await variablesFor(db, app, userId);
  return keepPreview(db, app.appKey, withoutMarks(fillIn(email.html, true, variables, "/email"), email));
}

const ownNames = ["userId", "email", "phone", "phone_no"];
const roots = ["user", "unsubscribe_url", "preferences_url"];

/** Variables that nobody has a value for: there is no such attribute. */
async function unknownVariables(
  db: Queryable,
  appKey: number,
  paths: readonly (readonly (string | number)[])[],
): Promise<EmailWarning[]> {
  if (paths.length === 0) return [];
  const names = [...ownNames, ...(await readAttributes(db, appKey)).data.map(({ name }) => name)];
  const known = new Set(names.flatMap((name) => [name, ...startsOf(name)]));
  const details = paths.flatMap(([root = "", ...rest]): string[] => {
    const name = rest.join(".");
    if (!roots.includes(String(root)))
      return [
        `There is no variable ${root}${didYouMean(String(root), [...roots, ...names])}; write user.${root} for an attribute.`,
      ];
    if (root !== "user" || name === "" || known.has(name) || known.has(String(rest[0]))) return [];
    return [`Nobody has a value for user.${name}${didYouMean(name, names)}.`];
  });
  return [...new Set(details)].slice(0, 10).map((detail) => ({ code: "unknown_variable", detail }));
}

/** `office` of `office.no`: dotted names are groups too. */
const startsOf = (name: string): string[] => {
  const parts = name.split(".");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
};
