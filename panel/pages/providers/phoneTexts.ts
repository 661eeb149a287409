import type { Strings } from "../../strings/en.ts";
import type { PhoneProvider } from "./phoneMembers.ts";

/** What a field of a provider of SMS or WhatsApp is called, and what helps to fill it in. */
export function phoneText(
  strings: Strings,
  provider: PhoneProvider,
  name: string,
): { label: string; hint: string } {
  const { sms, whatsapp } = strings;
  const [label = name, hint = ""] =
    sms.account.own[provider]?.[name] ??
    whatsapp.account.own[provider]?.[name] ??
    whatsapp.account.fields[name] ??
    sms.account.fields[name] ??
    [];
  return { label, hint };
}
