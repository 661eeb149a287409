import { isRecord } from "../../ui/rules.ts";
import { readNumber } from "../segments/values.ts";
import {
  address,
  anything,
  type FieldFault,
  fits,
  folded,
  type Member,
  member,
  needed,
  type Shape,
  timeout,
  whole,
} from "./members.ts";
import { faultsOfPhone, isPhoneProvider, phoneMembers, phoneProviders } from "./phoneMembers.ts";

/** Providers whose form shows the members of their configuration one by one. */
const formProviders = ["fcm", "apns", "webpush", "smtp", ...phoneProviders] as const;
export type FormProvider = (typeof formProviders)[number];

export const isFormProvider = (provider: string): provider is FormProvider =>
  formProviders.some((known) => known === provider);

/** What a stored secret looks like in answers; sent back, it stays. Typed by the server's own. */
export const hiddenSecret: typeof import("../../../server/providers/schema.ts").hiddenSecret = "••••••••";

/** What the form shows of a configuration: each member as text, blank where there is none. */
export type MemberForm = Readonly<Record<string, string>>;

const domain = member(fits(/^([a-z0-9-]+\.)+[a-z0-9-]+$/i, "domain"));
const mailbox = fits(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "email");
/** Members of the configurations that have fields, in the order of the fields. */
const members: Record<FormProvider, Record<string, Member>> = {
  ...phoneMembers,
  fcm: {
    serviceAccount: member(faultOfServiceAccount, needed),
    display: member(anything),
    channelId: member(anything, folded),
    projectId: member(anything, folded),
    timeoutMs: timeout,
    baseUrl: address,
    tokenUrl: address,
  },
  apns: {
    privateKey: member(faultOfAppleKey, needed),
    // Identifiers of Apple are ten of A–Z and 0–9.
    keyId: member(fits(/^[A-Z0-9]{10}$/, "tenCharacters"), needed),
    teamId: member(fits(/^[A-Z0-9]{10}$/, "tenCharacters"), needed),
    bundleId: member(fits(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "bundleId"), needed),
    environment: member(anything),
    timeoutMs: timeout,
    baseUrl: address,
  },
  webpush: {
    // An uncompressed point of P-256, 65 bytes with 4 first; and a scalar of 32 bytes. RFC 8292 §3.2.
    publicKey: member(fits(/^B[\w-]{86}=?$/, "publicKey"), needed),
    privateKey: member(fits(/^[\w-]{43}=?$/, "privateKey"), needed),
    subject: member(fits(/^(mailto:\S+@\S+|https:\/\/\S+)$/i, "subject"), needed),
    allowedHosts: member(anything, { shape: "list", ...folded }),
    timeoutMs: timeout,
  },
  smtp: {
    host: member(fits(/^[a-z0-9.:-]+$/i, "host"), needed),
    port: member(whole(1, 65_535, "port"), { shape: "number" }),
    security: member(anything),
    username: member(anything),
    password: member(anything),
    fromEmail: member(mailbox, needed),
    fromName: member(anything),
    replyTo: member(mailbox),
    dkimPrivateKey: member(fits(/^\s*-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/, "pem")),
    dkimDomain: domain,
    dkimSelector: member(fits(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i, "selector")),
    bounceDomain: domain,
    allowsInvalidCertificate: member(anything, { shape: "flag", ...folded }),
    connections: member(whole(1, 100, "number"), { shape: "number", ...folded }),
    messagesPerConnection: member(whole(1, 10_000, "number"), { shape: "number", ...folded }),
    timeoutMs: timeout,
  },
};

/** Names of the members that the form of a provider shows. */
export const membersOf = (provider: FormProvider): readonly string[] => Object.keys(members[provider]);

/** Whether a member is below the fold. */
export const isAdvanced = (provider: FormProvider, name: string): boolean =>
  members[provider][name]?.isAdvanced ?? false;

/** Reads a configuration for the form; null when it has something that only its JSON can show. */
export function readMemberForm(provider: FormProvider, config: Record<string, unknown>): MemberForm | null {
  const form: Record<string, string> = {};
  for (const [name, { shape }] of Object.entries(members[provider])) {
    const text = textOf(config[name], shape);
    if (text === null) return null;
    form[name] = text;
  }
  return form;
}

function textOf(value: unknown, shape: Shape): string | null {
  if (value === undefined) return "";
  if (shape === "list" || shape === "words")
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value.join("\n") : null;
  if (shape === "flag") return typeof value === "boolean" ? (value ? "true" : "") : null;
  return typeof value === (shape === "number" ? "number" : "string") ? String(value) : null;
}

/** The configuration with what the form says; what the form does not show stays as it is in `before`. */
export function writeMemberConfig(
  provider: FormProvider,
  form: MemberForm,
  before: Record<string, unknown>,
): Record<string, unknown> {
  const config: Record<string, unknown> = { ...before };
  for (const [name, { shape }] of Object.entries(members[provider])) {
    const text = (form[name] ?? "").trim();
    if (text === "") delete config[name];
    else if (shape === "number") config[name] = readNumber(text) ?? text;
    else if (shape === "flag") config[name] = true;
    else if (shape === "list" || shape === "words") config[name] = partsOf(text, shape);
    else config[name] = text;
  }
  return config;
}

const partsOf = (text: string, shape: "list" | "words"): string[] =>
  text
    .split(shape === "list" ? /[\s,;]+/ : /[\n,;،؛]+/)
    .map((part) => part.trim())
    .filter(Boolean);

/** What is wrong with one field as it stands; null when nothing is. */
export function faultOfField(provider: FormProvider, name: string, value: string): FieldFault | null {
  const field = members[provider][name];
  if (field === undefined || value === hiddenSecret) return null;
  if (value.trim() !== "") return field.check(value);
  if (!field.isRequired) return null;
  return name === "serviceAccount" || (provider === "apns" && name === "privateKey")
    ? "fileRequired"
    : "required";
}

/** Everything that is wrong with the form, by field. */
export const faultsOfForm = (provider: FormProvider, form: MemberForm): Record<string, FieldFault> => ({
  ...(isPhoneProvider(provider) && faultsOfPhone(provider, form)),
  ...Object.fromEntries(
    membersOf(provider).flatMap((name) => {
      const fault = faultOfField(provider, name, form[name] ?? "");
      return fault === null ? [] : [[name, fault]];
    }),
  ),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a file of Google's says of itself; null when it is no key of a service account. */
export function readServiceAccount(text: string): { projectId: string; clientEmail: string } | null {
  const value = parsed(text);
  if (!isRecord(value) || faultOfServiceAccount(text) !== null) return null;
  return { projectId: String(value.project_id ?? ""), clientEmail: String(value.client_email ?? "") };
}

function faultOfServiceAccount(text: string): FieldFault | null {
  const value = parsed(text);
  if (!isRecord(value)) return "notJson";
  if ("project_info" in value || "client" in value) return "googleServices";
  if ("installed" in value || "web" in value) return "oauthClient";
  if (value.type !== "service_account") return "notServiceAccount";
  return typeof value.private_key === "string" && value.private_key.includes("PRIVATE KEY")
    ? null
    : "noPrivateKey";
}

// The object identifier of EC public keys, 1.2.840.10045.2.1 (RFC 5480 §2.1.1), as DER has it.
const ecOid = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";

function faultOfAppleKey(text: string): FieldFault | null {
  if (/BEGIN CERTIFICATE/.test(text)) return "certificate";
  const body = /^\s*-----BEGIN PRIVATE KEY-----([\s\S]*)/.exec(text)?.[1];
  if (body === undefined) return "notKey";
  const [inside, ...rest] = body.split("-----END PRIVATE KEY-----");
  if (rest.length === 0) return "brokenKey";
  try {
    const der = atob((inside ?? "").replace(/\s/g, ""));
    // A PKCS #8 key of P-256 is at least its 32 bytes and what is said around them.
    return der.length < 64 ? "brokenKey" : der.includes(ecOid) ? null : "otherKey";
  } catch {
    return "brokenKey";
  }
}

/** The key id in the name that Apple gives its files; null in another name. */
export const keyIdInName = (fileName: string): string | null =>
  /AuthKey_([A-Z0-9]{10})\b/.exec(fileName)?.[1] ?? null;
