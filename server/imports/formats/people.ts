import type { InstallationChange, TokenService } from "../../installations/merge.ts";
import { DeviceType } from "../../installations/schema.ts";
import { parseMoment } from "../../lib/dates.ts";
import { europeanDigits } from "../../lib/digits.ts";
import { installationKey, userKey } from "../../lib/keys.ts";
import type { AttributeUse } from "../../users/attribute-rules.ts";
import { isOnEarth } from "../../users/attribute-values.ts";
import type { UserChange } from "../../users/merge.ts";
import type { PersonField } from "../fields.ts";
import type { PersonKey } from "../schema.ts";
import { readEmail } from "../values/email.ts";
import { readId } from "../values/ids.ts";
import { hasSymbols, readPhone } from "../values/phone.ts";
import { quoted, Rejected, rejectedFor } from "../values/rejected.ts";
import { readTag, readTagValue } from "../values/tags.ts";
import { readLocation, readNumber, readTyped } from "../values/types.ts";
import { type ColumnUse, erased, type FileContext, type PersonRow } from "./format.ts";

/** Where a person without a device is. */
export const ownPlace = { name: "location", type: "LOCATION" } as const satisfies AttributeUse;

/** Rows about people, one a row: a person is found by their `key`, and made when there is none. */
export function mapPeople(columns: readonly ColumnUse[], key: PersonKey, context: FileContext) {
  const { appId, timeZone, erasesBlanks, importTag, channel } = context;
  const tags = channel === null ? [importTag] : [importTag, channel];
  const place = new Map(columns.map((column, index) => [column.to, index]));
  const attributes = columns.flatMap((column, index) =>
    column.to === "attribute"
      ? [{ index, column, name: column.as ?? column.name, type: column.type ?? "TEXT", isTold: false }]
      : [],
  );
  let isPlaceTold = false;

  return (line: number, fields: readonly string[]): PersonRow => {
    // Whoever corrects a row wants to know all that is wrong with it.
    let faults: Rejected[] | null = null;
    const note = (error: unknown): null => {
      if (!(error instanceof Rejected)) throw error;
      faults ??= [];
      faults.push(error);
      return null;
    };
    const erasures: PersonField[] = [];
    const nameOf = (field: PersonField) => columns[place.get(field) ?? -1]?.name ?? field;
    const read = <T>(field: PersonField, parse: (text: string, column: string) => T): T | null => {
      const index = place.get(field);
      if (index === undefined) return null;
      const text = (fields[index] ?? "").trim();
      if (text === "" || text === erased) {
        if (text === erased || erasesBlanks) erasures.push(field);
        return null;
      }
      try {
        return parse(text, nameOf(field));
      } catch (error) {
        return note(error);
      }
    };

    const userId = read("userId", readId);
    const installationId = read("installationId", readId);
    const phone = read("phone", (text, column) => readPhoneOf(line, text, column));
    const email = read("email", readEmail);
    const keyValue = { userId, installationId, phone, email }[key];
    const keyText = (fields[place.get(key) ?? -1] ?? "").trim();
    if (keyText === "" || keyText === erased) {
      const code = key === "phone" ? "phone_missing" : "value_missing";
      note(new Rejected(code, nameOf(key), `${nameOf(key)} is blank; it says who the row is about.`));
    }

    const installation = installationId === null ? null : installationKey(appId, installationId);
    // Named, or found by what the row is keyed by; the id of somebody new is then the key itself.
    const foundBy =
      userId !== null || key === "userId" ? null : key === "installationId" ? "installation" : key;
    const id = userId ?? keyValue ?? "";
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
      tags: tags.slice(),
      valueTags: {},
      optedOut: [],
      erase: null,
      line,
    };
    read("tags", (text, column) => readTagList(text, column, user));
    const erasedAttributes: string[] = [];
    for (const { index, column, name, type } of attributes) {
      const text = (fields[index] ?? "").trim();
      if (text === "" || text === erased) {
        if (text === erased || erasesBlanks) erasedAttributes.push(name);
        continue;
      }
      try {
        user.attributes[name] = readTyped(type, text, column.name, timeZone);
      } catch (error) {
        note(error);
      }
    }
    const where = read("location", readPlace);
    const isOwnPlace = where !== null && installation === null;
    if (isOwnPlace) user.attributes[ownPlace.name] = where;

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
    if (device?.deviceToken) {
      const service = tokenServices[device.deviceType] ?? null;
      // Of a browser only a whole subscription, with its keys, is of use.
      device.tokenService = service === "webpush" && !device.deviceToken.startsWith("{") ? null : service;
    }
    if (faults) throw rejectedFor(faults);
    for (const attribute of attributes) {
      if (attribute.isTold || user.attributes[attribute.name] === undefined) continue;
      attribute.isTold = true;
      context.onAttribute({ name: attribute.name, type: attribute.type });
    }
    if (isOwnPlace && !isPlaceTold) {
      isPlaceTold = true;
      context.onAttribute(ownPlace);
    }
    forget(erasures, erasedAttributes, user, device);
    const subject = key === "installationId" ? "installation" : "user";
    const rowKey = key === "installationId" ? (installation ?? "") : userKey(appId, keyValue ?? "");
    return { kind: "person", line, rowKey, subject, user, installation: device };
  };

  /** Takes what strict mode would not, and says so. */
  function readPhoneOf(line: number, text: string, column: string): string {
    const phone = readPhone(text, column, context.phone);
    if (hasSymbols(text)) {
      context.warn({
        ...{ code: "phone_symbols", line, column },
        detail: `${quoted(text)} has symbols; it was read as ${phone}. With phone=strict such rows are rejected.`,
      });
    }
    return phone;
  }

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
