import type { InstallationChange, TokenService } from "../../installations/merge.ts";
import { DeviceType } from "../../installations/schema.ts";
import { parseMoment } from "../../lib/dates.ts";
import { europeanDigits } from "../../lib/digits.ts";
import { installationKey, userKey } from "../../lib/keys.ts";
import type { UserChange } from "../../users/merge.ts";
import { type PersonField, personFields } from "../fields.ts";
import type { PersonKey } from "../schema.ts";
import { readEmail } from "../values/email.ts";
import { readId } from "../values/ids.ts";
import { readPhone } from "../values/phone.ts";
import { quoted, Rejected } from "../values/rejected.ts";
import { readTag, readTagValue } from "../values/tags.ts";
import { isOnEarth, readLocation, readNumber, readTyped } from "../values/types.ts";
import { planColumns } from "./columns.ts";
import { type ColumnUse, erased, type FileContext, type PersonRow, type Planned } from "./format.ts";

const keys: readonly PersonKey[] = ["userId", "installationId", "phone", "email"];

/** Any table of people: what each column is, and which of them says who a row is about. */
export function planGeneric(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  context: FileContext,
): Planned {
  const { columns, faults } = planColumns(header, sample, context, {
    fields: personFields,
    rest: "attribute",
  });
  const mapped = columns.map((column) => column.to);
  const wanted = context.mapping?.key ?? context.remembered?.key;
  const key = wanted ?? keys.find((field) => mapped.includes(field));
  if (key === undefined) {
    faults.push(
      "No column says who a row is about. Name one userId, installationId, phone or email, or map one to it.",
    );
  } else if (!mapped.includes(key)) {
    faults.push(`The key is ${key}, but no column is mapped to it.`);
  }
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    plan: { columns, key: key ?? null, map: rowMapper(columns, key as PersonKey, context) },
  };
}

function rowMapper(columns: readonly ColumnUse[], key: PersonKey, context: FileContext) {
  const { appId, timeZone, erasesBlanks, importTag } = context;
  const place = new Map(columns.map((column, index) => [column.to, index]));
  const attributes = columns.flatMap((column, index) =>
    column.to === "attribute"
      ? [{ index, column, name: column.as ?? column.name, type: column.type ?? "TEXT" }]
      : [],
  );

  return (line: number, fields: readonly string[]): PersonRow => {
    const erasures: PersonField[] = [];
    const nameOf = (field: PersonField) => columns[place.get(field) ?? -1]?.name ?? field;
    const read = <T>(field: PersonField, parse: (text: string, column: string) => T): T | null => {
      const index = place.get(field);
      if (index === undefined) return null;
      const text = (fields[index] ?? "").trim();
      if (text !== "" && text !== erased) return parse(text, nameOf(field));
      if (text === erased || erasesBlanks) erasures.push(field);
      return null;
    };

    const userId = read("userId", readId);
    const installationId = read("installationId", readId);
    const phone = read("phone", (text, column) => readPhone(text, column, context.phone));
    const email = read("email", readEmail);
    const keyValue = { userId, installationId, phone, email }[key];
    if (keyValue === null) {
      const code = key === "phone" ? "phone_missing" : "value_missing";
      throw new Rejected(code, nameOf(key), `${nameOf(key)} is blank; it says who the row is about.`);
    }

    const installation = installationId === null ? null : installationKey(appId, installationId);
    // Named, or found by what the row is keyed by; the id of somebody new is then the key itself.
    const foundBy =
      userId !== null || key === "userId" ? null : key === "installationId" ? "installation" : key;
    const id = userId ?? keyValue;
    const user: UserChange = {
      userKey: userKey(appId, id),
      userId: id,
      isGuest: foundBy === "installation",
      foundBy,
      via: foundBy === "installation" ? installation : null,
      email: email ?? undefined,
      phone: phone ?? undefined,
      language: read("language", (text) => text.slice(0, 64)) ?? undefined,
      attributes: {},
      tags: [importTag],
      valueTags: {},
      optedOut: [],
      erase: null,
      line,
    };
    read("tags", (text, column) => readTagList(text, column, user));
    const erasedAttributes: string[] = [];
    for (const { index, column, name, type } of attributes) {
      const text = (fields[index] ?? "").trim();
      if (text !== "" && text !== erased)
        user.attributes[name] = readTyped(type, text, column.name, timeZone);
      else if (text === erased || erasesBlanks) erasedAttributes.push(name);
    }
    const where = read("location", readPlace);
    if (where !== null && installation === null) user.attributes.location = where;

    const device: InstallationChange | null =
      installation === null || installationId === null
        ? null
        : {
            installationKey: installation,
            installationId,
            userKey: user.userKey,
            isOwnerKnown: foundBy !== "installation",
            deviceType: read("deviceType", readDeviceType) ?? "other",
            deviceModel: read("deviceModel", shortText),
            osVersion: read("osVersion", shortText),
            clientVersion: read("clientVersion", shortText),
            launchCount: read("launchCount", readCount),
            installDate: read("installDate", moment),
            launchTime: read("launchTime", moment),
            deviceToken: read("deviceToken", (text) => text),
            tokenService: null,
            language: null,
            country: read("country", readCountry),
            timeZone: read("timeZone", shortText),
            optedOut: false,
            topics: null,
            lat: where?.latitude ?? null,
            lng: where?.longitude ?? null,
            erase: null,
            line,
          };
    if (device?.deviceToken) device.tokenService = tokenServices[device.deviceType] ?? null;
    forget(erasures, erasedAttributes, user, device);
    const subject = key === "installationId" ? "installation" : "user";
    const rowKey = key === "installationId" ? (installation ?? "") : userKey(appId, keyValue);
    return { kind: "person", line, rowKey, subject, user, installation: device };
  };

  function moment(text: string, column: string): Date {
    const at = parseMoment(europeanDigits(text), timeZone);
    if (at) return at;
    throw new Rejected(
      "date_invalid",
      column,
      `${column} must be a moment such as 2024-05-02 18:21:07, not ${quoted(text)}.`,
    );
  }
}

const tokenServices: Partial<Record<DeviceType, TokenService>> = {
  android: "fcm",
  ios: "apns",
  web: "webpush",
};

function shortText(text: string, column: string): string {
  if (text.length <= 256) return text;
  throw new Rejected("text_too_long", column, `${column} has ${text.length} characters; at most 256 fit.`);
}

function readDeviceType(text: string, column: string): DeviceType {
  const known = DeviceType.safeParse(text.toLowerCase());
  if (known.success) return known.data;
  throw new Rejected(
    "device_type_unknown",
    column,
    `${column} must be one of ${DeviceType.options.join(", ")}, not ${quoted(text)}.`,
  );
}

function readCount(text: string, column: string): number {
  const number = readNumber(text);
  if (number !== null && Number.isInteger(number) && number >= 0 && number <= 2_147_483_647) return number;
  throw new Rejected(
    "number_invalid",
    column,
    `${column} must be a whole number from 0, not ${quoted(text)}.`,
  );
}

function readCountry(text: string, column: string): string {
  if (/^[a-z]{2}$/i.test(text)) return text.toUpperCase();
  throw new Rejected(
    "text_invalid",
    column,
    `${column} must be a country code such as IR, not ${quoted(text)}.`,
  );
}

function readPlace(text: string, column: string) {
  const place = readLocation(text);
  if (place === null) {
    throw new Rejected(
      "type_mismatch",
      column,
      `${column} must be a place such as 35.7,51.4, not ${quoted(text)}.`,
    );
  }
  if (isOnEarth(place)) return place;
  throw new Rejected("location_range", column, `${column} is beyond ±90 or ±180 degrees: ${quoted(text)}.`);
}

/** `vip, newsletter`, or JSON: a list of tags, or pairs. */
function readTagList(text: string, column: string, user: UserChange): void {
  const refuse = () =>
    new Rejected(
      "tags_invalid",
      column,
      `${column} must be tags such as vip,newsletter or {"city":"tehran"}, not ${quoted(text)}.`,
    );
  if (!/^[[{]/.test(text)) {
    for (const tag of text.split(/[,;|]/)) if (tag.trim() !== "") user.tags.push(readTag(tag.trim(), column));
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse();
  }
  for (const [name, tag] of Object.entries(value as object)) {
    if (tag === null || tag === "") continue;
    if (Array.isArray(value)) user.tags.push(readTag(tag, column));
    else user.valueTags[name] = readTagValue(name, tag, column);
  }
}

const deviceErasures: Partial<Record<PersonField, NonNullable<InstallationChange["erase"]>[number]>> = {
  deviceModel: "device_model",
  deviceToken: "device_token",
  osVersion: "os_version",
  clientVersion: "client_version",
  launchCount: "launch_count",
  installDate: "install_date",
  launchTime: "launch_time",
  country: "country",
  timeZone: "time_zone",
  location: "location",
};

function forget(
  erasures: readonly PersonField[],
  attributes: string[],
  user: UserChange,
  device: InstallationChange | null,
): void {
  const fields = (["email", "phone", "language", "tags"] as const).filter((field) =>
    erasures.includes(field),
  );
  const names = erasures.includes("location") && device === null ? [...attributes, "location"] : attributes;
  if (fields.length > 0 || names.length > 0) user.erase = { fields, attributes: names };
  const forgotten = erasures.flatMap((field) => deviceErasures[field] ?? []);
  if (device && forgotten.length > 0) device.erase = forgotten;
}
