import type { CampaignContent } from "../../../server/campaigns/schema.ts";
import type { Message } from "../../../server/messages/schema.ts";
import type { Strings } from "../../strings/en.ts";
import {
  fieldsOf,
  isSendable,
  type Template,
  type TemplateField,
  takesSameValues,
  whyNot,
} from "./templates.ts";

/** A template that a campaign is made of, and what stands in it. */
export interface WhatsappValues {
  template: string;
  language: string;
  otherLanguages: readonly string[];
  header: string;
  filename: string;
  body: Readonly<Record<string, string>>;
  buttons: Readonly<Record<string, string>>;
}

type Saved = NonNullable<CampaignContent["whatsapp"]>;
type Look = NonNullable<Message["whatsapp"]>["look"];

/** What is shown of a saved campaign; null when none is chosen. */
export const readWhatsapp = (saved: CampaignContent["whatsapp"]): WhatsappValues | null =>
  saved === undefined ? null : { ...saved, header: saved.header ?? "", filename: saved.filename ?? "" };

/** What is saved. */
export const writeWhatsapp = (values: WhatsappValues): Saved => ({
  ...{ template: values.template, language: values.language, otherLanguages: [...values.otherLanguages] },
  ...(values.header.trim() !== "" && { header: values.header.trim() }),
  ...(values.filename.trim() !== "" && { filename: values.filename.trim() }),
  ...{ body: withoutBlank(values.body), buttons: withoutBlank(values.buttons) },
});

const withoutBlank = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));

/** A template that was chosen now. What was written for another one stays where this one has the same place for it. */
export function chosen(
  template: Template,
  languages: readonly Template[],
  before: WhatsappValues | null,
): WhatsappValues {
  const kept = (names: readonly string[], values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
  const fields = fieldsOf(template);
  const buttons = fields.flatMap((field) => (field.at === "button" ? [field.index] : []));
  return {
    ...{ template: template.name, language: template.language },
    // Nobody has to think of it: whoever speaks another language of the template gets that.
    otherLanguages: languages
      .filter(
        (one) => one.language !== template.language && isSendable(one) && takesSameValues(one, template),
      )
      .map(({ language }) => language),
    header: fields.some(({ at }) => at === "header") ? (before?.header ?? "") : "",
    filename: template.header?.kind === "document" ? (before?.filename ?? "") : "",
    ...{ body: kept(template.body.parameters, before?.body), buttons: kept(buttons, before?.buttons) },
  };
}

/** What stands in a field. */
export function valueAt(values: WhatsappValues, field: TemplateField): string {
  if (field.at === "header") return values.header;
  return (field.at === "body" ? values.body[field.name] : values.buttons[field.index]) ?? "";
}

/** The values with another one in a field. */
export function withValueAt(values: WhatsappValues, field: TemplateField, value: string): WhatsappValues {
  if (field.at === "header") return { ...values, header: value };
  if (field.at === "body") return { ...values, body: { ...values.body, [field.name]: value } };
  return { ...values, buttons: { ...values.buttons, [field.index]: value } };
}

/** What is missing or wrong, by the pointer of its field; `/template` for the template itself. */
export function faultsOfWhatsapp(
  values: WhatsappValues | null,
  templates: readonly Template[],
  strings: Strings,
): Record<string, string> {
  const texts = strings.whatsapp.compose;
  if (values === null) return { "/template": texts.required };
  const named = templates.filter(({ name }) => name === values.template);
  const main = named.find(({ language }) => language === values.language);
  if (main === undefined) return { "/template": texts.gone(`\u2068${values.template}\u2069`) };
  const why = [main, ...named.filter(({ language }) => values.otherLanguages.includes(language))].flatMap(
    (template) => {
      const words = whyNot(template, strings);
      return words === null
        ? []
        : [texts.notSendable(`\u2068${template.name} (${template.language})\u2069`, words)];
    },
  );
  const faults: Record<string, string> = why[0] === undefined ? {} : { "/template": why[0] };
  for (const field of fieldsOf(main)) {
    const value = valueAt(values, field).trim();
    const isMedia = field.at === "header" && field.kind !== "text";
    if (isMedia && !/^(https:\/\/|\{\{)/.test(value)) faults[field.pointer] = texts.mediaWrong;
    else if (value === "" && !(field.at === "button" && field.isOptional))
      faults[field.pointer] = texts.valueRequired;
  }
  return faults;
}

/** What the template looks like with these texts in it, by the pointers of their fields; a gap shows its parameter. */
export function lookOf(template: Template, texts: Readonly<Record<string, string>>): Look {
  const fields = fieldsOf(template);
  const at = (wanted: TemplateField["at"]) => fields.filter((field) => field.at === wanted);
  const values = Object.fromEntries(
    at("body").flatMap((field) =>
      field.at === "body" && texts[field.pointer] ? [[field.name, texts[field.pointer] ?? ""]] : [],
    ),
  );
  const kind = template.header?.kind;
  const [header] = at("header");
  const inHeader = header && texts[header.pointer];
  const headerValues =
    header?.at === "header" && header.kind === "text" && inHeader ? { [header.name]: inHeader } : {};
  return {
    header:
      kind === undefined || kind === "location" || kind === "other"
        ? null
        : {
            kind,
            text: kind === "text" ? withValues(template.header?.text ?? "", headerValues) : (inHeader ?? ""),
          },
    body: withValues(template.body.text, values),
    footer: template.footer,
    buttons: template.buttons.map((button) => ({ kind: button.kind, text: button.text })),
  };
}

/** The text of a template with values for its parameters. */
const withValues = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, (whole, name: string) => values[name] ?? whole);
