import { asObject, firstWord, objectsIn, wordOf } from "../json.ts";
import { MessageTemplate, type TemplateStatus } from "./template.ts";

type Header = NonNullable<MessageTemplate["header"]>;
type Button = MessageTemplate["buttons"][number];

const parameter = /\{\{\s*([^{}\s]+)\s*\}\}/g;

/** Names or numbers of the parameters of a text: numbers in their order, names as they come. */
export function parametersIn(text: string): string[] {
  const names = [...new Set([...text.matchAll(parameter)].map(([, name = ""]) => name))];
  const areNumbers = names.every((name) => /^\d+$/.test(name));
  return areNumbers ? names.sort((a, b) => Number(a) - Number(b)) : names;
}

/**
 * A template as Meta, or who passes its templates on, lists it; null for what is none. It never fails on a part that is
 * new: what cannot be filled in is said so, and everything else is shown.
 * Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components
 */
export function readTemplate(raw: unknown): MessageTemplate | null {
  const item = asObject(raw);
  const name = wordOf(item.name);
  const language = firstWord(item.language, asObject(item.language).code);
  if (name === "" || language === "") return null;
  const unsupported: string[] = [];
  const parts = new Map(objectsIn(item.components).map((part) => [wordOf(part.type).toUpperCase(), part]));
  for (const type of parts.keys())
    if (!["HEADER", "BODY", "FOOTER", "BUTTONS"].includes(type))
      unsupported.push(nameOf(type, "a part of the type"));
  const text = wordOf(parts.get("BODY")?.text);
  const header = readHeader(parts.get("HEADER"), unsupported);
  const buttons = objectsIn(parts.get("BUTTONS")?.buttons).map((button) => readButton(button, unsupported));
  const body = { text, parameters: parametersIn(text) };
  const all = [...body.parameters, ...(header?.parameters ?? [])];
  const isNamed =
    wordOf(item.parameter_format).toUpperCase() === "NAMED" || all.some((one) => !/^\d+$/.test(one));
  const reason = firstWord(item.rejected_reason, item.rejection_reason);
  const category = wordOf(item.category).toLowerCase();
  return MessageTemplate.parse({
    ...{ name, language, status: readStatus(wordOf(item.status)), header, body, buttons },
    category: ["marketing", "utility", "authentication"].includes(category) ? category : "other",
    statusDetail: reason === "" || reason === "NONE" ? null : reason,
    footer: wordOf(parts.get("FOOTER")?.text) || null,
    parameters: isNamed ? "named" : "positional",
    unsupported: unsupported.length === 0 ? null : unsupported.join(" and "),
  });
}

const statuses: Readonly<Record<string, TemplateStatus>> = {
  ...{ APPROVED: "approved", REINSTATED: "approved", UNPAUSED: "approved", FLAGGED: "approved" },
  ...{ PENDING: "pending", SUBMITTED: "pending", CREATED: "pending", IN_REVIEW: "pending" },
  ...{ REJECTED: "rejected", PAUSED: "paused", DISABLED: "disabled", IN_APPEAL: "in_appeal" },
  ...{ LIMIT_EXCEEDED: "limit_exceeded", ARCHIVED: "archived", DELETED: "deleted" },
  PENDING_DELETION: "pending_deletion",
};

/** How it fares, in any letters. */
export function readStatus(word: string): TemplateStatus {
  const status = word.toUpperCase();
  return Object.hasOwn(statuses, status) ? (statuses[status] ?? "other") : "other";
}

const headerKinds: Readonly<Record<string, Header["kind"]>> = {
  ...{ TEXT: "text", IMAGE: "image", VIDEO: "video", DOCUMENT: "document", LOCATION: "location" },
};

function readHeader(part: Record<string, unknown> | undefined, unsupported: string[]): Header | null {
  if (!part) return null;
  const format = wordOf(part.format).toUpperCase() || "TEXT";
  const kind = (Object.hasOwn(headerKinds, format) && headerKinds[format]) || "other";
  if (kind === "location") unsupported.push("a header with a place on a map");
  if (kind === "other") unsupported.push(nameOf(format, "a header of the type"));
  const text = kind === "text" ? wordOf(part.text) : null;
  return { kind, text, parameters: parametersIn(text ?? "") };
}

/** Buttons that can be sent as they are, without a value. */
const plainButtons = ["PHONE_NUMBER", "VOICE_CALL", "CALL_REQUEST"];

function readButton(button: Record<string, unknown>, unsupported: string[]): Button {
  const type = wordOf(button.type).toUpperCase();
  const text = wordOf(button.text);
  switch (type) {
    case "QUICK_REPLY":
      return { kind: "quick_reply", text, url: null, takesValue: true, needsValue: false };
    case "URL": {
      const url = wordOf(button.url) || null;
      const takesValue = parametersIn(url ?? "").length > 0;
      return { kind: "url", text, url, takesValue, needsValue: takesValue };
    }
    case "COPY_CODE":
      return { kind: "copy_code", text: text || "Copy code", url: null, takesValue: true, needsValue: true };
    // A code to sign in with: it is sent as the end of an address.
    case "OTP":
      return { kind: "url", text: text || "Copy code", url: null, takesValue: true, needsValue: true };
    default:
      if (!plainButtons.includes(type)) unsupported.push(nameOf(type, "a button of the type"));
      return {
        kind: type === "PHONE_NUMBER" ? "phone_number" : "other",
        ...{ text, url: null, takesValue: false, needsValue: false },
      };
  }
}

/** In words: `a carousel`, or for what is new, its type. */
const nameOf = (type: string, otherwise: string): string =>
  type === "CAROUSEL"
    ? "a carousel"
    : type === "LIMITED_TIME_OFFER"
      ? "an offer that ends"
      : type === "PRODUCT" || type === "SPM" || type === "MPM" || type === "CATALOG"
        ? "products of a catalog"
        : type === "FLOW"
          ? "a flow"
          : `${otherwise} ${type.toLowerCase().slice(0, 40) || "that is not said"}`;
