import type { Outside, Provider } from "../channels/provider.ts";
import type { AccountRow } from "./queries.ts";
import { hiddenSecret } from "./schema.ts";
import { unseal } from "./secrets.ts";

type Members = Record<string, unknown>;

/** A config in two parts: what may be shown, and what is encrypted. */
export function splitConfig(provider: Provider, config: Members): { shown: Members; secrets: Members } {
  const isSecret = ([name]: [string, unknown]) => provider.secrets.includes(name);
  const members = Object.entries(config);
  return {
    shown: Object.fromEntries(members.filter((member) => !isSecret(member))),
    secrets: Object.fromEntries(members.filter(isSecret)),
  };
}

/** The whole config of an account, secrets in clear: for sending and for changing it, never for an answer. */
export function wholeConfig(
  secretKey: string,
  account: { accountId: string; config: Members; secrets: Buffer | null },
): Members {
  const secrets = account.secrets ? unseal(secretKey, account.accountId, account.secrets) : {};
  return { ...account.config, ...secrets };
}

/** The config as it is shown: secrets are there, but not what they are. */
export const hideSecrets = (provider: Provider, config: Members): Members =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      provider.secrets.includes(name) ? hide(value) : value,
    ]),
  );

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hide = (value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.keys(value).map((name) => [name, hiddenSecret])) : hiddenSecret;

/**
 * A config that came back with hidden secrets, with the stored ones in their places. `missing` are the JSON paths of
 * those that nothing is stored for.
 */
export function revealSecrets(
  provider: Provider,
  config: Members,
  stored: Members,
): { config: Members; kept: boolean; missing: string[][] } {
  const revealed: Members = { ...config };
  const missing: string[][] = [];
  let kept = false;
  const reveal = (value: unknown, known: unknown, path: string[]): unknown => {
    if (value !== hiddenSecret) return value;
    if (typeof known !== "string") missing.push(path);
    else kept = true;
    return known;
  };
  for (const name of provider.secrets) {
    const value = config[name];
    const known = stored[name];
    if (isObject(value))
      revealed[name] = Object.fromEntries(
        Object.entries(value).map(([key, inner]) => {
          const innerKnown = isObject(known) && Object.hasOwn(known, key) ? known[key] : undefined;
          return [key, reveal(inner, innerKnown, [name, key])];
        }),
      );
    else if (value !== undefined) revealed[name] = reveal(value, known, [name]);
  }
  return { config: revealed, kept, missing };
}

/** The path at which the service of an account reports. */
export const receiptsPathOf = ({
  provider,
  receiptsKey,
}: Pick<AccountRow, "provider" | "receiptsKey">): string => `/api/receipts/${provider}/${receiptsKey}`;

/** The whole of it, where services can reach us. */
export const receiptsUrlOf = (
  row: Pick<AccountRow, "provider" | "receiptsKey">,
  { publicUrl }: Outside,
): string | null => (publicUrl ? publicUrl + receiptsPathOf(row) : null);
