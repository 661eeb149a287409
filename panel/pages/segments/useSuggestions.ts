import { useTags } from "../../api/users.ts";
import type { Base } from "./values.ts";

/** Texts that a field is known to have: tags from their register, time zones from the browser. */
export function useSuggestions(base: Base, fieldName: string): string[] {
  const tags = useTags(base === "tag").data ?? [];
  if (base === "tag") return tags;
  return fieldName === "timeZone" ? Intl.supportedValuesOf("timeZone") : [];
}
