import {
  address,
  anything,
  type FieldFault,
  fits,
  folded,
  type Member,
  member,
  needed,
  timeout,
  whole,
} from "./members.ts";

/** Providers of SMS and WhatsApp whose form shows the members of their configuration one by one. */
export const phoneProviders = [
  ...(["kavenegar", "kaleyra", "twilio"] as const),
  ...(["meta", "360dialog", "kaleyra-whatsapp"] as const),
] as const;
export type PhoneProvider = (typeof phoneProviders)[number];

export const isPhoneProvider = (provider: string): provider is PhoneProvider =>
  phoneProviders.some((known) => known === provider);

// Keys are pasted; what was pasted with them is not seen.
const credential = fits(/^[\x21-\x7e]+$/, "pasted");
const token = (value: string) => credential(value) ?? (value.trim().length < 8 ? "shortToken" : null);
const twilioId = (prefix: string) => fits(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), "sid");
const metaId = fits(/^\d{5,30}$/, "phoneId");

const words = member(anything, { shape: "words", ...folded });
const common = { stopWords: words, startWords: words, timeoutMs: timeout, baseUrl: address };

const limits = {
  messagingLimit: member(whole(1, 100_000_000, "number"), { shape: "number" }),
  portfolio: member(anything),
};

/** Their members, in the order of the fields. */
export const phoneMembers: Record<PhoneProvider, Record<string, Member>> = {
  kavenegar: {
    apiKey: member(credential, needed),
    sender: member(fits(/^\+?\d{3,20}$/, "line"), needed),
    ...common,
  },
  kaleyra: {
    sid: member(fits(/^\w+$/, "pasted"), needed),
    apiKey: member(credential, needed),
    sender: member(anything, needed),
    type: member(anything),
    templateId: member(anything),
    receiptsToken: member(token, folded),
    ...common,
  },
  twilio: {
    accountSid: member(twilioId("AC"), needed),
    authToken: member(credential, needed),
    from: member(fits(/^(\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/, "sender")),
    messagingServiceSid: member(twilioId("MG")),
    apiKeySid: member(twilioId("SK"), folded),
    apiKeySecret: member(credential, folded),
    ...common,
  },
  meta: {
    phoneNumberId: member(metaId, needed),
    wabaId: member(metaId, needed),
    accessToken: member(credential, needed),
    appSecret: member(credential, needed),
    verifyToken: member(credential, needed),
    ...limits,
    graphVersion: member(fits(/^v\d{1,3}\.\d{1,2}$/, "version"), folded),
    ...common,
  },
  "360dialog": {
    apiKey: member(credential, needed),
    webhookToken: member(token),
    ...limits,
    platformSecret: member(credential, folded),
    ...common,
  },
  "kaleyra-whatsapp": {
    sid: member(fits(/^\w+$/, "pasted"), needed),
    apiKey: member(credential, needed),
    from: member(fits(/^\+?[1-9]\d{6,14}$/, "line"), needed),
    region: member(anything),
    version: member(anything),
    wabaId: member(metaId),
    callbackProfileId: member(anything),
    receiptsToken: member(token),
    ...limits,
    ...common,
  },
};

/** What is wrong with fields that go together; what is wrong with each alone is not said here. */
export function faultsOfPhone(
  provider: PhoneProvider,
  form: Readonly<Record<string, string>>,
): Record<string, FieldFault> {
  if (provider !== "twilio") return {};
  const has = (name: string) => (form[name] ?? "").trim() !== "";
  return {
    ...(!has("from") && !has("messagingServiceSid") && { from: "oneSender" as const }),
    ...(has("apiKeySid") && !has("apiKeySecret") && { apiKeySecret: "secretOfKey" as const }),
    ...(!has("apiKeySid") && has("apiKeySecret") && { apiKeySid: "secretOfKey" as const }),
  };
}
