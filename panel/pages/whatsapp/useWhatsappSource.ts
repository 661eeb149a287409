import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useProviderKinds, useProviders } from "../../api/providers.ts";
import { useTemplates } from "../../api/whatsapp.ts";
import { inOrder } from "../providers/accountOrder.ts";
import type { Template } from "./templates.ts";

/** What a message on WhatsApp is made of, as the account has it that would send it. */
export type WhatsappSource =
  | { kind: "loading" }
  /** There is no account that is switched on. */
  | { kind: "none" }
  /** It sends a text as it is. */
  | { kind: "plain"; account: ProviderAccount }
  | { kind: "templates"; account: ProviderAccount; templates: readonly Template[]; failure: string | null };

/** See {@link WhatsappSource}; nothing is asked while nobody wants it. */
export function useWhatsappSource(isWanted: boolean): WhatsappSource {
  const accounts = useProviders().data?.data;
  const kinds = useProviderKinds().data;
  const account = inOrder(accounts ?? []).find(({ channel, isActive }) => channel === "whatsapp" && isActive);
  const isOfTemplates = kinds?.find(({ provider }) => provider === account?.provider)?.hasTemplates ?? false;
  const answer = useTemplates(isWanted && isOfTemplates).data;
  if (accounts === undefined || kinds === undefined) return { kind: "loading" };
  if (account === undefined) return { kind: "none" };
  if (!isOfTemplates) return { kind: "plain", account };
  if (answer === undefined) return { kind: "loading" };
  return {
    ...{ kind: "templates", account },
    templates: answer.templates.filter(({ accountId }) => accountId === account.id),
    failure: answer.accounts.find(({ id }) => id === account.id)?.failure ?? null,
  };
}
