import type { TemplateParameter } from "../../channels/provider.ts";
import type { MessageTemplate } from "../../channels/whatsapp/template.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { escapedPointer } from "../../lib/pointer.ts";
import type { Fault } from "../../lib/problem.ts";
import type { WhatsappContent } from "./content.ts";
import type { WhatsappBody } from "./schema.ts";

type Filled =
  | { ok: true; whatsapp: WhatsappContent; text: string; parameters: readonly string[] }
  | { ok: false; faults: Fault[] };

/**
 * A template of an account with what its parameters are filled with, or every fault of it by pointers into the body.
 * `text` is what it says, with the variables in it; `parameters` are the names or numbers of those of its body, in order.
 */
export function fillTemplate(
  given: WhatsappBody,
  { templates, account }: { templates: readonly MessageTemplate[]; account: string },
): Filled {
  const faults: Fault[] = [];
  const fault = (pointer: string, detail: string) => faults.push({ pointer, detail });
  const named = templates.filter(({ name }) => name === given.template);
  if (named.length === 0) {
    const names = [...new Set(templates.map(({ name }) => name))];
    const detail = `${account} has no template ${given.template}${didYouMean(given.template, names)}; fetch its templates if it is new`;
    return { ok: false, faults: [{ pointer: "/template", detail }] };
  }
  const found = (language: string, pointer: string): MessageTemplate | null => {
    const template = named.find((one) => one.language === language);
    if (!template) {
      const languages = named.map((one) => one.language).join(", ");
      fault(pointer, `the template ${given.template} is not there in ${language}; there are ${languages}`);
    } else if (template.status !== "approved") {
      const why = template.statusDetail ? `: ${template.statusDetail}` : "";
      fault(
        pointer,
        `the template ${given.template} (${language}) is ${template.status}, so it cannot be sent${why}`,
      );
    } else if (template.unsupported !== null)
      fault(
        pointer,
        `the template ${given.template} (${language}) has ${template.unsupported}, which Chapar cannot fill in`,
      );
    return template ?? null;
  };
  const main = found(given.language, "/language");
  for (const [index, language] of given.otherLanguages.entries()) {
    const pointer = `/otherLanguages/${index}`;
    const other = found(language, pointer);
    if (main && other && shapeOf(main) !== shapeOf(other))
      fault(
        pointer,
        `takes other values in ${language} than in ${given.language}; send it as a campaign of its own`,
      );
  }
  if (!main) return { ok: false, faults };
  const body = readBody(main, given, fault);
  const header = readHeader(main, given, fault);
  const buttons = readButtons(main, given, fault);
  if (faults.length > 0) return { ok: false, faults };
  const look = {
    header: lookOfHeader(main, given),
    body: withValues(main.body.text, given.body),
    footer: main.footer,
    buttons: main.buttons.map(({ kind, text }) => ({ kind, text })),
  };
  return {
    ok: true,
    text: look.body,
    parameters: main.body.parameters,
    whatsapp: {
      name: given.template,
      languages: [given.language, ...given.otherLanguages],
      isMarketing: main.category === "marketing",
      ...{ header, body, buttons, look },
    },
  };
}

type Say = (pointer: string, detail: string) => void;

/** What has to be the same in each language, so that the same values fill it. */
const shapeOf = ({ header, body, buttons, parameters }: MessageTemplate): string =>
  JSON.stringify([
    parameters,
    header && [header.kind, [...header.parameters].sort()],
    [...body.parameters].sort(),
    buttons.map(({ kind, needsValue }) => [kind, needsValue]),
  ]);

function readBody(template: MessageTemplate, given: WhatsappBody, fault: Say): TemplateParameter[] {
  const { parameters } = template.body;
  for (const name of Object.keys(given.body))
    if (!parameters.includes(name))
      fault(
        `/body/${escapedPointer(name)}`,
        parameters.length === 0
          ? `the template ${template.name} takes no values; leave it out`
          : `the template ${template.name} has no parameter ${name}${didYouMean(name, parameters)}; there are ${parameters.join(", ")}`,
      );
  return parameters.map((name) => {
    const text = given.body[name] ?? "";
    if (text.trim() === "")
      fault(`/body/${escapedPointer(name)}`, `is required: what stands for {{${name}}}`);
    return { name: template.parameters === "named" ? name : null, text };
  });
}

function readHeader(template: MessageTemplate, given: WhatsappBody, fault: Say): WhatsappContent["header"] {
  const { header } = template;
  const value = given.header?.trim() ?? "";
  const kind = header?.kind;
  if (header && kind === "text") {
    const [name] = header.parameters;
    if (name === undefined) return unused();
    if (value === "") fault("/header", `is required: what stands for {{${name}}} in the header`);
    return { kind, parameter: { name: template.parameters === "named" ? name : null, text: value } };
  }
  if (kind === "image" || kind === "video" || kind === "document") {
    const names = { image: "picture", video: "video", document: "document" };
    if (!/^(https:\/\/|\{\{)/.test(value))
      fault("/header", `is required: the https address of the ${names[kind]} above the text`);
    return { kind, link: value, filename: kind === "document" ? given.filename?.trim() || null : null };
  }
  return unused();

  function unused() {
    if (value !== "")
      fault("/header", `the template ${template.name} has no header that takes a value; leave it out`);
    return null;
  }
}

function readButtons(
  template: MessageTemplate,
  given: WhatsappBody,
  fault: Say,
): WhatsappContent["buttons"][number][] {
  for (const index of Object.keys(given.buttons))
    if (!template.buttons[Number(index)]?.takesValue)
      fault(
        `/buttons/${index}`,
        `the template ${template.name} has no button ${Number(index) + 1} that takes a value`,
      );
  return template.buttons.flatMap(({ kind, text, takesValue, needsValue }, index) => {
    const value = given.buttons[String(index)]?.trim() ?? "";
    if (!takesValue || kind === "phone_number" || kind === "other") return [];
    if (value === "" && needsValue)
      fault(`/buttons/${index}`, `is required: the value of the button “${text}”`);
    return value === "" ? [] : [{ index, kind, text: value }];
  });
}

function lookOfHeader({ header }: MessageTemplate, given: WhatsappBody): WhatsappContent["look"]["header"] {
  const kind = header?.kind;
  if (!header || !kind || kind === "location" || kind === "other") return null;
  const [name] = header.parameters;
  if (kind === "text")
    return {
      kind,
      text: withValues(header.text ?? "", name === undefined ? {} : { [name]: given.header ?? "" }),
    };
  return { kind, text: given.header ?? "" };
}

/** The text of a template with values for its parameters, which may be Liquid themselves. */
const withValues = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, (whole, name: string) => values[name] ?? whole);

/** Which of a message's languages somebody gets: the one that they speak, else the first. */
export function languageFor(languages: readonly string[], spoken: string | null): string {
  const [first = ""] = languages;
  if (spoken === null) return first;
  const wanted = spoken.replace("-", "_").toLowerCase();
  const base = wanted.split("_")[0];
  return (
    languages.find((language) => language.toLowerCase() === wanted) ??
    languages.find((language) => language.toLowerCase().split("_")[0] === base) ??
    first
  );
}
