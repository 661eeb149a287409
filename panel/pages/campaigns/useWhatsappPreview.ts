import type { TemplatesAnswer } from "../../../server/providers/schema.ts";
import { type PreviewedText, usePreviews } from "../../api/templates.ts";
import { fieldsOf } from "../whatsapp/templates.ts";
import type { WhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import { lookOf, valueAt, type WhatsappValues } from "../whatsapp/whatsappValues.ts";

/** A template as one user gets it. */
export interface WhatsappPreview {
  look: ReturnType<typeof lookOf>;
  /** Names of values that the user has not. */
  missing: readonly string[];
  /** What each value comes to, by the pointer of its field. */
  previews: Readonly<Record<string, PreviewedText>>;
}

/** The template that is chosen, filled in for a user; null while none is. */
export function useWhatsappPreview(
  source: WhatsappSource,
  values: WhatsappValues | null,
  userId: string | undefined,
): WhatsappPreview | null {
  const template = templateOf(source, values);
  const fields = template === undefined ? [] : fieldsOf(template);
  const written: Record<string, string> = Object.fromEntries(
    fields.map((field) => [field.pointer, values === null ? "" : valueAt(values, field)]),
  );
  const previews = usePreviews(written, userId);
  if (template === undefined) return null;
  const texts = Object.fromEntries(
    fields.map(({ pointer }) => [pointer, previews[pointer]?.data?.text ?? written[pointer] ?? ""]),
  );
  const missing = fields.flatMap(({ pointer }) => previews[pointer]?.data?.missing ?? []);
  return { look: lookOf(template, texts), missing, previews };
}

function templateOf(
  source: WhatsappSource,
  values: WhatsappValues | null,
): TemplatesAnswer["templates"][number] | undefined {
  if (source.kind !== "templates" || values === null) return undefined;
  return source.templates.find(
    ({ name, language }) => name === values.template && language === values.language,
  );
}
