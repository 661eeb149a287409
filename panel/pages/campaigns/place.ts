import type { ComposerValues } from "./composerValues.ts";
import { type ContentValues, contentKeys } from "./contentValues.ts";
import type { EditionValues } from "./editions.ts";

/** Which of the contents is being written: 0 is A, that of the campaign; and of it the edition, by its key. */
export interface Place {
  variant: number;
  /** Null is the words for everyone. */
  edition: string | null;
}

export const firstPlace: Place = { variant: 0, edition: null };

/** What an edition has of its own. */
const ofEdition = ["text", "subject", "preheader", "title", "body", "email"] as const;
type OfEdition = (typeof ofEdition)[number];

/** The content of a variant; A where there is no such one any more. */
export const contentAt = (values: ComposerValues, variant: number): ContentValues =>
  values.variants[variant - 1] ?? values;

/** The edition of a place; null for everyone. */
export const editionAt = (values: ComposerValues, { variant, edition }: Place): EditionValues | null =>
  contentAt(values, variant).editions.find(({ key }) => key === edition) ?? null;

/** The values as the fields show them at a place: those of the variant, and the words of its edition. */
export function valuesAt(values: ComposerValues, place: Place): ComposerValues {
  const edition = editionAt(values, place);
  const content = { ...values, ...contentAt(values, place.variant), variants: values.variants };
  if (edition === null) return content;
  const { text, subject, preheader, title, body, email } = edition;
  return { ...content, text, subject, preheader, title, body, email };
}

/** The values as somebody gets them: what an edition leaves blank is as for everyone. */
export function effectiveAt(values: ComposerValues, place: Place): ComposerValues {
  const base = valuesAt(values, { ...place, edition: null });
  const edition = editionAt(values, place);
  if (edition === null) return base;
  const own = Object.fromEntries(
    ofEdition.flatMap((key) => (edition[key] === null || edition[key] === "" ? [] : [[key, edition[key]]])),
  );
  // A notification without words of its own says the text, also that of an edition.
  return { ...base, ...(edition.text !== "" && { body: "" }), ...own };
}

/** A change of fields at a place as one of the whole. */
export function changeAt(
  values: ComposerValues,
  place: Place,
  change: Partial<ComposerValues>,
): Partial<ComposerValues> {
  const names = Object.keys(change) as (keyof ComposerValues)[];
  const pick = (isWanted: (name: keyof ComposerValues) => boolean) =>
    Object.fromEntries(names.filter(isWanted).map((name) => [name, change[name]]));
  const edition = editionAt(values, place);
  const isOfEdition = (name: string) => edition !== null && ofEdition.includes(name as OfEdition);
  const isOfContent = (name: string) => contentKeys.includes(name as keyof ContentValues);
  const base = contentAt(values, place.variant);
  const content: Partial<ContentValues> = pick((name) => isOfContent(name) && !isOfEdition(name));
  if (edition !== null && names.some(isOfEdition)) {
    const next = { ...edition, ...pick(isOfEdition) };
    content.editions = base.editions.map((item) => (item.key === edition.key ? next : item));
  }
  const rest: Partial<ComposerValues> = pick((name) => !isOfContent(name));
  if (base === values) return { ...rest, ...content };
  if (Object.keys(content).length === 0) return rest;
  return {
    ...rest,
    variants: values.variants.map((item) => (item === base ? { ...item, ...content } : item)),
  };
}

/** How the server names the place in what it says of a campaign. */
export function pointerOf(values: ComposerValues, place: Place): string {
  const root = place.variant === 0 ? "/content" : `/variants/${place.variant - 1}/content`;
  const index = contentAt(values, place.variant).editions.findIndex(({ key }) => key === place.edition);
  return index === -1 ? root : `${root}/editions/${index}`;
}

/** The place that a pointer of the server is in; null when it is about no content. */
export function placeOf(values: ComposerValues, pointer: string): Place | null {
  const found = /^(?:\/variants\/(\d+))?\/content(?:\/editions\/(\d+))?/.exec(pointer);
  if (found === null) return null;
  const variant = found[1] === undefined ? 0 : Number(found[1]) + 1;
  const edition =
    found[2] === undefined ? null : (contentAt(values, variant).editions[Number(found[2])]?.key ?? null);
  return { variant, edition };
}

/** The letter of a variant: A is that of the campaign. */
export const letterOf = (variant: number): string => String.fromCharCode(65 + variant);
