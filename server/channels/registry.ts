import { httpProvider } from "./http/http.ts";
import type { Provider } from "./provider.ts";

/** Providers by their names. */
export interface Registry {
  readonly all: readonly Provider[];
  find(name: string): Provider | null;
}

export function createRegistry(all: readonly Provider[]): Registry {
  const byName = new Map(all.map((provider) => [provider.name, provider]));
  return { all, find: (name) => byName.get(name) ?? null };
}

/** Those that Chapar comes with. */
export const builtInProviders = (): Registry => createRegistry([httpProvider as Provider]);
