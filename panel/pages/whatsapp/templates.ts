import type { TemplatesAnswer } from "../../../server/providers/schema.ts";
import type { Strings } from "../../strings/en.ts";

/** A template of WhatsApp in one language, of one account. */
export type Template = TemplatesAnswer["templates"][number];

/** A template in all of its languages. */
export interface TemplateGroup {
  name: string;
  languages: readonly Template[];
  /** It can be sent in one of them at least. */
  isSendable: boolean;
}

export const isSendable = ({ status, unsupported }: Pick<Template, "status" | "unsupported">): boolean =>
  status === "approved" && unsupported === null;

/** Why a template cannot be sent, in words; null when it can. */
export function whyNot(template: Template, { whatsapp }: Strings): string | null {
  const texts = whatsapp.templates;
  const { status, statusDetail, unsupported } = template;
  if (status === "approved") return unsupported === null ? null : texts.unsupported(unsupported);
  const words = `${texts.statuses[status]}. ${texts.statusHints[status]}`;
  return statusDetail === null ? words : `${words} ${statusDetail}`;
}

/** Templates by their names; those that can be sent first. */
export function groupsOf(templates: readonly Template[]): TemplateGroup[] {
  const byName = new Map<string, Template[]>();
  for (const template of templates)
    byName.set(template.name, [...(byName.get(template.name) ?? []), template]);
  const groups = [...byName].map(([name, languages]) => ({
    ...{ name, languages, isSendable: languages.some(isSendable) },
  }));
  return groups.sort((a, b) => Number(b.isSendable) - Number(a.isSendable) || (a.name < b.name ? -1 : 1));
}

/** Whether the same values fill both: then one campaign can be sent in both languages. */
export const takesSameValues = (a: Template, b: Template): boolean => shapeOf(a) === shapeOf(b);

const shapeOf = ({ header, body, buttons, parameters }: Template): string =>
  JSON.stringify([
    parameters,
    header && [header.kind, [...header.parameters].sort()],
    [...body.parameters].sort(),
    buttons.map(({ kind, needsValue }) => [kind, needsValue]),
  ]);

/** One value that a template takes. */
export type TemplateField =
  | { at: "header"; pointer: string; kind: "text"; name: string }
  | { at: "header"; pointer: string; kind: "image" | "video" | "document" }
  | { at: "body"; pointer: string; name: string }
  | {
      at: "button";
      pointer: string;
      index: string;
      kind: "url" | "copy_code" | "quick_reply";
      text: string;
      isOptional: boolean;
    };

/** Everything that has to be filled in, from the top down. */
export function fieldsOf({ header, body, buttons }: Template): TemplateField[] {
  const fields: TemplateField[] = [];
  const kind = header?.kind;
  if (kind === "text" && header?.parameters[0] !== undefined)
    fields.push({ at: "header", pointer: "/header", kind, name: header.parameters[0] });
  if (kind === "image" || kind === "video" || kind === "document")
    fields.push({ at: "header", pointer: "/header", kind });
  for (const name of body.parameters) fields.push({ at: "body", pointer: pointerOf("body", name), name });
  for (const [index, { kind: of, text, takesValue, needsValue }] of buttons.entries())
    if (takesValue && (of === "url" || of === "copy_code" || of === "quick_reply"))
      fields.push({
        ...{
          at: "button",
          pointer: pointerOf("buttons", String(index)),
          index: String(index),
          kind: of,
          text,
        },
        isOptional: !needsValue,
      });
  return fields;
}

/** As the server points at it (RFC 6901). */
const pointerOf = (member: string, name: string) =>
  `/${member}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
