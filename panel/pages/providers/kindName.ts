import type { Strings } from "../../strings/en.ts";

/** What people call a provider; one that is newer than this page is called by its name in the API. */
export function kindName(provider: string, strings: Strings): string {
  const known: Record<string, string> = strings.providers.kinds;
  return known[provider] ?? provider;
}
