import { useCallback, useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import type { ComposerValues } from "./composerValues.ts";
import { type ContentValues, contentKeys, newContent } from "./contentValues.ts";
import type { EditionValues } from "./editions.ts";
import { changeAt, contentAt, editionAt, firstPlace, type Place } from "./place.ts";

/** Which of the contents is written, and what makes and removes them. */
export interface Contents {
  place: Place;
  setPlace(place: Place): void;
  /** The edition that is written; null for everyone's words. */
  edition: EditionValues | null;
  /** Changes fields where they are shown. */
  set(change: Partial<ComposerValues>): void;
  changeEdition(change: Partial<EditionValues>): void;
  addEdition(edition: EditionValues): void;
  removeEdition(): void;
  addVariant(): void;
  removeVariant(variant: number): void;
}

/** Writes one of the contents of a campaign at a time. */
export function useContents(
  values: ComposerValues,
  setValues: (edit: (old: ComposerValues) => ComposerValues) => void,
): Contents {
  const [asked, setPlace] = useState(firstPlace);
  // One that was removed meanwhile is not there any more.
  const place: Place = {
    variant: asked.variant > values.variants.length ? 0 : asked.variant,
    edition: editionAt(values, asked) === null ? null : asked.edition,
  };
  const { variant, edition: key } = place;
  const set = useCallback(
    (change: Partial<ComposerValues>) =>
      setValues((old) => ({ ...old, ...changeAt(old, { variant, edition: key }, change) })),
    [setValues, variant, key],
  );
  const setEditions = (edit: (old: readonly EditionValues[]) => EditionValues[]) =>
    setValues((old) => {
      const editions = edit(contentAt(old, variant).editions);
      return { ...old, ...changeAt(old, { variant, edition: null }, { editions }) };
    });
  return {
    place,
    setPlace,
    edition: editionAt(values, place),
    set,
    changeEdition: (change) =>
      setEditions((old) => old.map((item) => (item.key === key ? { ...item, ...change } : item))),
    addEdition: (edition) => {
      setEditions((old) => [...old, edition]);
      setPlace({ variant, edition: edition.key });
    },
    removeEdition: () => {
      setEditions((old) => old.filter((item) => item.key !== key));
      setPlace({ variant, edition: null });
    },
    addVariant: () => {
      setValues((old) => ({ ...old, variants: [...old.variants, copyOf(old)] }));
      setPlace({ variant: values.variants.length + 1, edition: null });
    },
    removeVariant: (removed) => {
      setValues((old) => ({ ...old, variants: old.variants.filter((_, index) => index !== removed - 1) }));
      setPlace(firstPlace);
    },
  };
}

/** A content that says the same as that of the campaign, to be changed. */
function copyOf(values: ComposerValues): ContentValues {
  const content = Object.fromEntries(contentKeys.map((key) => [key, values[key]]));
  const editions = values.editions.map((edition) => ({ ...edition, key: newIdempotencyKey() }));
  return { ...newContent, ...content, editions };
}
