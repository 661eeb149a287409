import { eventFields, personFields } from "../../../server/imports/fields.ts";
import type {
  ColumnTarget,
  Import,
  ImportChannel,
  ImportOptions,
  PersonKey,
} from "../../../server/imports/schema.ts";
import type { AttributeType } from "../../../server/users/attribute-types.ts";
import type { ImportRequest, PreviewRequest } from "../../api/imports.ts";

/** What the form before an import asks. */
export interface Choices {
  format: Import["format"];
  /** ISO 3166 alpha-2, of phone numbers without a country code. */
  country: string | null;
  /** Null: found out by the server. */
  encoding: string | null;
  onBlank: ImportOptions["onBlank"];
  isPhoneStrict: boolean;
  isColumnsStrict: boolean;
  /** Null: found out by the server. */
  key: PersonKey | null;
  /** By header; columns that are not here are guessed by the server. */
  columns: Record<string, ColumnTarget>;
  /** What the users are meant for. Null: nothing, or what the format is for. */
  channel: ImportChannel | null;
  /** Name of the segment that the rows go into; blank for none. */
  segment: string;
  /** Null: no limit. */
  rowLimit: number | null;
}

export const defaultChoices: Choices = {
  format: "auto",
  country: null,
  encoding: null,
  onBlank: "keep",
  isPhoneStrict: false,
  isColumnsStrict: false,
  key: null,
  columns: {},
  channel: null,
  segment: "",
  rowLimit: null,
};

/** What an earlier import was asked, for another one like it. */
export function choicesOf({ format, options }: Pick<Import, "format" | "options">): Choices {
  return {
    ...defaultChoices,
    format,
    country: options.country,
    encoding: options.encoding,
    onBlank: options.onBlank,
    isPhoneStrict: options.phone === "strict",
    isColumnsStrict: options.columns === "strict",
    key: options.mapping?.key ?? null,
    columns: options.mapping?.columns ?? {},
    channel: options.channel,
    segment: options.segment ?? "",
    rowLimit: options.rowLimit,
  };
}

/** How to read the file, as the query of a preview; what is left to the server is left out. */
export function toPreviewRequest(choices: Choices, header: readonly string[] | null): PreviewRequest {
  const mapping = mappingOf(choices, header);
  return {
    format: choices.format,
    onBlank: choices.onBlank,
    phone: choices.isPhoneStrict ? "strict" : "lenient",
    columns: choices.isColumnsStrict ? "strict" : "lenient",
    ...(choices.country === null ? {} : { country: choices.country }),
    ...(choices.encoding === null ? {} : { encoding: choices.encoding }),
    ...(mapping === null ? {} : { mapping: JSON.stringify(mapping) }),
    ...(choices.channel === null ? {} : { channel: choices.channel }),
    ...(choices.rowLimit === null ? {} : { rowLimit: choices.rowLimit }),
  };
}

/** The choices as the query of an import. `header` is null when the names of the columns are not known. */
export function toRequest(
  choices: Choices,
  header: readonly string[] | null,
  { isDryRun, consent }: { isDryRun: boolean; consent: string | null },
): ImportRequest {
  const segment = choices.segment.trim();
  return {
    ...toPreviewRequest(choices, header),
    dryRun: isDryRun ? "true" : "false",
    ...(segment === "" ? {} : { segment }),
    ...(consent === null ? {} : { consent }),
  };
}

/** The channel that the users are meant for, whether it was chosen or is what the format is for. */
export function channelOf(format: Choices["format"], channel: ImportChannel | null): ImportChannel | null {
  return format === "broadcast-list" ? (channel ?? "whatsapp") : channel;
}

/** The fields that a column can be, where that is open; null where the format fixes the columns. */
export function fieldsOf(format: Choices["format"]): readonly string[] | null {
  if (format === "generic") return personFields;
  return format === "events" ? eventFields : null;
}

function mappingOf({ format, key, columns }: Choices, header: readonly string[] | null) {
  const fields = fieldsOf(format);
  if (fields === null) return null;
  // A choice made for another file, or for the other format, must not refuse this one.
  const chosen = Object.entries(columns).filter(
    ([name, target]) =>
      (header === null || header.includes(name)) && (!isField(target) || fields.includes(target)),
  );
  const hasKey = format === "generic" && key !== null;
  if (chosen.length === 0 && !hasKey) return null;
  return { ...(hasKey ? { key } : {}), columns: Object.fromEntries(chosen) };
}

const isField = (target: ColumnTarget): target is string => typeof target === "string" && target !== "ignore";

/** A target as one word, for a list to choose from: `ignore`, a field, or a type with a colon before it. */
export function wordOf(target: ColumnTarget | undefined): string {
  if (target === undefined) return "auto";
  if (typeof target === "string") return target;
  return target.to === "attribute" || target.to === "data" ? `:${target.type ?? "TEXT"}` : target.to;
}

/** The inverse of {@link wordOf}. What is no field is an attribute of a person, or data of an event. */
export function targetOf(word: string, format: Choices["format"]): ColumnTarget | undefined {
  if (word === "auto") return undefined;
  if (!word.startsWith(":")) return word;
  // The words are made of `attributeTypes`.
  return { to: format === "events" ? "data" : "attribute", type: word.slice(1) as AttributeType };
}
