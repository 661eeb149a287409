import type { Understood } from "../../../server/imports/schema.ts";
import type { Strings } from "../../strings/en.ts";

type Column = Understood["columns"][number];

/** What a column became, in words; an attribute under another name than the header's has `as` besides. */
export function describeColumn({ to, type }: Pick<Column, "to" | "type">, strings: Strings): string {
  const texts = strings.imports;
  if (to === null) return texts.ignored;
  if (to !== "attribute" && to !== "data") return nameOfField(to, strings);
  const kind = to === "data" ? texts.mapping.data : texts.mapping.attribute;
  return texts.mapping.typed(kind, texts.types[type ?? "TEXT"]);
}

/** The name an attribute gets, where that is not the header itself. */
export const otherName = ({ as, name }: Pick<Column, "as" | "name">): string | null =>
  as !== null && as !== name ? as : null;

export function nameOfField(field: string, strings: Strings): string {
  const names: Record<string, string> = strings.imports.fields;
  return names[field] ?? field;
}

export function nameOfDelimiter(delimiter: string, strings: Strings): string {
  const { comma, semicolon, tab, bar } = strings.imports.delimiters;
  const names: Record<string, string> = { ",": comma, ";": semicolon, "\t": tab, "|": bar };
  return names[delimiter] ?? delimiter;
}
