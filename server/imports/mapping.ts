import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { DeviceType } from "../installations/schema.ts";
import { parseMoment } from "../lib/dates.ts";
import type { Column, ColumnPlan } from "./columns.ts";

/** Why a row cannot be used: the column and what would be right. */
interface RowRejection {
  code:
    | "value_missing"
    | "device_type_unknown"
    | "number_invalid"
    | "date_invalid"
    | "email_invalid"
    | "phone_invalid"
    | "tags_invalid"
    | "text_invalid"
    | "row_width";
  column: Column | null;
  detail: string;
}

/** What a row says of its user; undefined leaves what is stored. */
interface UserPart {
  email?: string;
  phone?: string;
  language?: string;
  attributes: Record<string, string | number>;
  tags: string[];
  valueTags: Record<string, string>;
}

interface DevicePart {
  deviceType: DeviceType;
  deviceModel: string | null;
  osVersion: string | null;
  clientVersion: string | null;
  launchCount: number;
  installDate: Date | null;
  launchTime: Date | null;
  deviceToken: string;
  optedOut: boolean;
}

export interface MappedRow {
  /** `external_user_id`; null leaves the person to who owns the installation, else to a guest named by `id`. */
  userId: string | null;
  /** The row's own id: of the installation, or of the e-mail or SMS contact. */
  id: string;
  user: UserPart;
  /** Null for e-mail and SMS rows: they make no installation. */
  device: DevicePart | null;
}

export type RowResult = { ok: true; row: MappedRow } | { ok: false; rejection: RowRejection };

// OneSignal's codes: https://documentation.onesignal.com/reference (device_type of a player)
const deviceTypes: Record<string, DeviceType | "email" | "sms"> = {
  "0": "ios",
  "1": "android",
  "2": "android", // Amazon Fire
  "3": "windows",
  "4": "web",
  "5": "web",
  "6": "windows",
  "7": "web",
  "8": "web",
  "9": "ios", // macOS
  "10": "other", // Alexa
  "11": "email",
  "13": "android", // Huawei
  "14": "sms",
  "17": "web",
};

/** Keeps the rejection out of the happy path's types; never leaves this file. */
class Rejected extends Error {
  readonly rejection: RowRejection;
  constructor(code: RowRejection["code"], column: Column | null, detail: string) {
    super(detail);
    this.rejection = { code, column, detail };
  }
}

/** One record of a OneSignal export, checked. Every value is trimmed; a blank optional value counts as missing. */
export function mapRow(record: readonly string[], plan: ColumnPlan): RowResult {
  if (record.length !== plan.width) {
    return {
      ok: false,
      rejection: {
        code: "row_width",
        column: null,
        detail: `The row has ${record.length} fields, the header has ${plan.width}; a quote or a comma is missing or too many.`,
      },
    };
  }
  try {
    return { ok: true, row: readRow((column) => read(record, plan, column)) };
  } catch (error) {
    if (error instanceof Rejected) return { ok: false, rejection: error.rejection };
    throw error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;

type Read = (column: Column) => string;

function read(record: readonly string[], plan: ColumnPlan, column: Column): string {
  const index = plan.index[column];
  if (index < 0) return "";
  const value = (record[index] ?? "").trim();
  // PostgreSQL text cannot hold it, and nobody types it.
  if (value.includes("\0")) throw new Rejected("text_invalid", column, `${column} contains a NUL byte.`);
  return value;
}

function readRow(value: Read): MappedRow {
  const id = required(value, "id");
  if (id.length > 128) throw new Rejected("text_invalid", "id", "id is longer than 128 characters.");
  const identifier = required(value, "identifier");
  const typeCode = required(value, "device_type");
  const kind = deviceTypes[typeCode];
  if (!kind) {
    throw new Rejected(
      "device_type_unknown",
      "device_type",
      `device_type ${quoted(typeCode)} is not a code of the export; expected one of ${Object.keys(deviceTypes).join(", ")}.`,
    );
  }
  const isContact = kind === "email" || kind === "sms";
  const deviceModel = isContact ? value("device_model") : required(value, "device_model");
  const launchCount = wholeNumber(required(value, "session_count"), "session_count");
  const installDate = moment(value, "created_at");
  const launchTime = moment(value, "last_active") ?? installDate;
  const user = readUser(value, kind, identifier);
  const userId = value("external_user_id") || null;
  if (userId !== null && (userId.length > 128 || userId === "*" || controlCharacter.test(userId))) {
    throw new Rejected(
      "text_invalid",
      "external_user_id",
      'external_user_id must be 1 to 128 characters, without control characters and not "*".',
    );
  }
  if (isContact) return { id, userId, user, device: null };
  return {
    id,
    userId,
    user,
    device: {
      deviceType: kind,
      deviceModel,
      osVersion: value("device_os") || null,
      clientVersion: value("game_version") || null,
      launchCount,
      installDate,
      launchTime,
      deviceToken: identifier,
      optedOut: value("invalid_identifier").toLowerCase().startsWith("t"),
    },
  };
}

function readUser(value: Read, kind: string, identifier: string): UserPart {
  const user: UserPart = { attributes: {}, tags: [], valueTags: {} };
  if (kind === "email") user.email = email(identifier);
  if (kind === "sms") user.phone = phone(identifier);
  if (value("language")) user.language = value("language");
  if (/^-?\d{1,6}$/.test(value("timezone"))) user.attributes.timezone = Number(value("timezone"));
  readTags(value("tags"), user);
  return user;
}

/** Pairs become `key_value`; numbers and booleans by their text. A list of texts is kept as plain tags. */
function readTags(text: string, user: UserPart): void {
  if (text === "") return;
  let tags: unknown;
  try {
    tags = JSON.parse(text);
  } catch {
    throw new Rejected(
      "tags_invalid",
      "tags",
      `tags is not valid JSON: ${quoted(text)}. Expected {"city":"tehran"}.`,
    );
  }
  if (Array.isArray(tags)) {
    for (const tag of tags) user.tags.push(tagText(tag));
    return;
  }
  if (tags === null || tags === "") return;
  if (typeof tags !== "object")
    throw new Rejected("tags_invalid", "tags", 'tags must be a JSON object such as {"city":"tehran"}.');
  for (const [key, tag] of Object.entries(tags)) {
    if (tag === null || tag === "") continue;
    user.valueTags[key] = tagText(tag);
  }
}

function tagText(tag: unknown): string {
  if (typeof tag === "string" && !tag.includes("\0")) return tag;
  if (typeof tag === "number" || typeof tag === "boolean") return String(tag);
  throw new Rejected(
    "tags_invalid",
    "tags",
    `tags may hold texts, numbers and true or false, not ${quoted(JSON.stringify(tag))}.`,
  );
}

function required(value: Read, column: Column): string {
  const text = value(column);
  if (text === "") throw new Rejected("value_missing", column, `${column} is blank; every row needs it.`);
  return text;
}

function wholeNumber(text: string, column: Column): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 2_147_483_647) {
    throw new Rejected(
      "number_invalid",
      column,
      `${column} must be a whole number from 0, not ${quoted(text)}.`,
    );
  }
  return number;
}

function moment(value: Read, column: "created_at" | "last_active"): Date | null {
  const text = value(column);
  if (text === "") return null;
  const date = parseMoment(text);
  if (!date) {
    throw new Rejected(
      "date_invalid",
      column,
      `${column} must be a date such as 2024-05-02 18:21:07 (UTC), not ${quoted(text)}.`,
    );
  }
  return date;
}

// One @, something before it, a dot somewhere after it: what bounces anyway is told by the mail server.
function email(text: string): string {
  if (text.length > 254 || !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text)) {
    throw new Rejected("email_invalid", "identifier", `${quoted(text)} is not an e-mail address.`);
  }
  return text.toLowerCase();
}

function phone(text: string): string {
  const parsed = parsePhoneNumberFromString(text.startsWith("+") ? text : `+${text.replace(/^00/, "")}`);
  if (!parsed?.isValid()) {
    throw new Rejected(
      "phone_invalid",
      "identifier",
      `${quoted(text)} is not a phone number with its country code, such as +989123456789.`,
    );
  }
  return parsed.number.slice(1);
}

const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
