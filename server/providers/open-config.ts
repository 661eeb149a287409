import type { Provider } from "../channels/provider.ts";
import type { Registry } from "../channels/registry.ts";
import { wholeConfig } from "./config.ts";
import type { AccountRow } from "./queries.ts";
import { SealedError } from "./secrets.ts";

/** The config of an account as its provider takes it, or why it cannot be used. */
export function openConfig(
  parts: { providers: Registry; secretKey: string },
  row: AccountRow,
): { ok: true; provider: Provider; config: unknown } | { ok: false; detail: string } {
  const provider = parts.providers.find(row.provider);
  if (!provider) return { ok: false, detail: `There is no provider ${row.provider} in this version.` };
  try {
    const read = provider.config.safeParse(wholeConfig(parts.secretKey, row));
    if (read.success) return { ok: true, provider, config: read.data };
    const [issue] = read.error.issues;
    return {
      ok: false,
      detail: `config/${issue?.path.join("/")}: ${issue?.message}; save the account again.`,
    };
  } catch (error) {
    if (error instanceof SealedError) return { ok: false, detail: error.message };
    throw error;
  }
}
