import { useMemo } from "react";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { choiceWord } from "../../ui/audiencePhrases.ts";
import { useWords } from "../../ui/language.tsx";
import { listCountries } from "../imports/countries.ts";

/** What a field can be, with words for it: its own short list, or the countries of the world. */
export function useChoices(field: Pick<SegmentField, "name" | "values">): { value: string; label: string }[] {
  const { strings, format } = useWords();
  const { name, values } = field;
  return useMemo(() => {
    if (values === undefined)
      return listCountries(format).map((item) => ({ value: item.code, label: item.name }));
    return values.map((value) => ({ value, label: choiceWord(name, value, strings) ?? value }));
  }, [name, values, strings, format]);
}
