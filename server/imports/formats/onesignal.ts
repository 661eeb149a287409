import type { InstallationChange, TokenService } from "../../installations/merge.ts";
import type { DeviceType } from "../../installations/schema.ts";
import { offsetText, parseMoment } from "../../lib/dates.ts";
import { europeanDigits } from "../../lib/digits.ts";
import { installationKey, userKey } from "../../lib/keys.ts";
import { isOnEarth } from "../../users/attribute-values.ts";
import type { UserChange } from "../../users/merge.ts";
import type { LeavableChannel } from "../../users/schema.ts";
import type { FileFault } from "../read/record.ts";
import { readEmail } from "../values/email.ts";
import { readId } from "../values/ids.ts";
import { readPhone } from "../values/phone.ts";
import { quoted, Rejected } from "../values/rejected.ts";
import { readTag, readTagValue } from "../values/tags.ts";
import { readLocation } from "../values/types.ts";
import { type ColumnUse, erased, type FileContext, type PersonRow, type Planned } from "./format.ts";

/** The seed's five: a file without one of these columns is refused. */
export const mandatoryColumns = ["id", "identifier", "device_type", "device_model", "session_count"] as const;

// The export's other columns that mean something here, its extra ones included; the rest is ignored.
const optionalColumns = {
  language: "language",
  timezone: "timeZone",
  timezone_id: "timeZone",
  game_version: "clientVersion",
  device_os: "osVersion",
  tags: "tags",
  last_active: "launchTime",
  created_at: "installDate",
  invalid_identifier: "optedOut",
  notification_types: "optedOut",
  external_user_id: "userId",
  country: "country",
  location: "location",
  web_auth: "deviceToken",
  web_p256: "deviceToken",
} as const;

type Column = (typeof mandatoryColumns)[number] | keyof typeof optionalColumns;

const uses: Record<string, string> = {
  ...optionalColumns,
  id: "installationId",
  identifier: "deviceToken",
  device_type: "deviceType",
  device_model: "deviceModel",
  session_count: "launchCount",
};

interface Kind {
  deviceType: DeviceType;
  tokenService: TokenService | null;
  browser?: string;
}

// OneSignal's codes: https://documentation.onesignal.com/reference (device_type of a player). What takes a token that
// Chapar cannot send to keeps it: the row is a device all the same.
const kinds: Record<string, Kind | "email" | "sms"> = {
  "0": { deviceType: "ios", tokenService: "apns" },
  "1": { deviceType: "android", tokenService: "fcm" },
  "2": { deviceType: "android", tokenService: "adm" }, // Amazon Fire
  "3": { deviceType: "windows", tokenService: "mpns" },
  "4": { deviceType: "web", tokenService: "webpush", browser: "chrome" }, // Chrome app
  "5": { deviceType: "web", tokenService: "webpush", browser: "chrome" },
  "6": { deviceType: "windows", tokenService: "wns" },
  "7": { deviceType: "web", tokenService: "safari", browser: "safari" },
  "8": { deviceType: "web", tokenService: "webpush", browser: "firefox" },
  "9": { deviceType: "ios", tokenService: "macos" },
  "10": { deviceType: "other", tokenService: "alexa" },
  "11": "email",
  "13": { deviceType: "android", tokenService: "hms" }, // Huawei
  "14": "sms",
  "17": { deviceType: "web", tokenService: "safari", browser: "safari" },
};

/** The tag of everybody who came by such a file. */
const formatTag = "onesignal";

/** Reads the header: names in any order, any case, with or without blanks around them. */
export function planOneSignal(header: readonly string[], context: FileContext): Planned {
  const names = header.map((name) => name.trim().toLowerCase());
  const faults: FileFault[] = [];
  for (const column of mandatoryColumns) {
    if (names.includes(column)) continue;
    const detail = `The column ${column} is missing. Every file needs ${mandatoryColumns.join(", ")}.`;
    faults.push({ code: "column_missing", column, detail });
  }
  for (const column of Object.keys(uses)) {
    if (names.indexOf(column) === names.lastIndexOf(column)) continue;
    const detail = `The column ${column} is there twice; keep one of them.`;
    faults.push({ code: "column_twice", column, detail });
  }
  const columns = header.map((name, index): ColumnUse => {
    const to = uses[names[index] ?? ""];
    return { name: name.trim(), to: to ?? null, as: null, type: null };
  });
  if (faults.length > 0) return { ok: false, faults, columns, key: null };
  return { ok: true, plan: { columns, key: null, map: rowMapper(names, context) } };
}

function rowMapper(names: readonly string[], context: FileContext) {
  const at = (column: Column) => names.indexOf(column);
  const index = Object.fromEntries(
    Object.keys(uses).map((column) => [column, at(column as Column)]),
  ) as Record<Column, number>;
  const { appId, importTag, isStrict, erasesBlanks } = context;
  const tags = [formatTag, importTag, ...(context.channel === null ? [] : [context.channel])];

  // Of the row that is read now; here and not in each row's own functions, which would be made a million times.
  let line = 0;
  let fields: readonly string[] = [];
  let erasures: string[] | null = null;
  // A person's devices mostly follow one another.
  let lastUserId = "";
  let lastUserKey = "";
  // Their tags are read once: what the row before said of the same person is staged or stored by now.
  let lastTags: string | null = null;
  let lastTagged = "";

  function keyOfUser(userId: string): string {
    if (userId === lastUserId) return lastUserKey;
    lastUserId = userId;
    lastUserKey = userKey(appId, userId);
    return lastUserKey;
  }

  /** Blank for a column the file does not have. */
  function value(column: Column): string {
    const place = index[column];
    return place < 0 ? "" : (fields[place] ?? "").trim();
  }

  function required(column: Column): string {
    const text = value(column);
    if (text !== "" && text !== erased) return text;
    throw new Rejected("value_missing", column, `${column} is blank; every row needs it.`);
  }

  /** Of a column that may be blank: null then, and noted if what is stored is to be forgotten. */
  function optional(column: Column): string | null {
    const place = index[column];
    if (place < 0) return null;
    const text = (fields[place] ?? "").trim();
    if (text !== "" && text !== erased) return text;
    if (text === erased || erasesBlanks) {
      erasures ??= [];
      erasures.push(column);
    }
    return null;
  }

  function requiredOrErased(column: Column): string | null {
    return value(column) === erased ? optional(column) : required(column);
  }

  function readPlace(text: string | null) {
    if (text === null) return null;
    const place = readLocation(text);
    if (place !== null && isOnEarth(place)) return place;
    context.warn({
      code: "value_ignored",
      line,
      column: "location",
      detail: `${quoted(text)} is no place such as 35.7,51.4; the row came in without it.`,
    });
    return null;
  }

  function readCountry(text: string | null): string | null {
    if (text === null) return null;
    if (/^[a-z]{2}$/i.test(text)) return text.toUpperCase();
    context.warn({
      code: "value_ignored",
      line,
      column: "country",
      detail: `${quoted(text)} is no country code such as IR; the row came in without it.`,
    });
    return null;
  }

  function readZone(name: string | null, offset: string | null): string | null {
    if (name !== null) return name.slice(0, 64);
    if (offset === null) return null;
    const zone = offsets.get(offset) ?? (/^-?\d{1,5}$/.test(offset) ? offsetText(Number(offset)) : null);
    if (zone === null) {
      context.warn({
        code: "value_ignored",
        line,
        column: "timezone",
        detail: `${quoted(offset)} is no offset in seconds; the row came in without it.`,
      });
      return null;
    }
    if (offsets.size < 200) offsets.set(offset, zone);
    return zone;
  }

  return (nextLine: number, nextFields: readonly string[]): PersonRow => {
    line = nextLine;
    fields = nextFields;
    erasures = null;
    const id = readId(required("id"), "id");
    const identifier = required("identifier");
    const typeCode = europeanDigits(required("device_type"));
    const kind = kinds[typeCode];
    if (!kind) {
      throw new Rejected(
        "device_type_unknown",
        "device_type",
        `device_type ${quoted(typeCode)} is not a code of the export; expected one of ${Object.keys(kinds).join(", ")}.`,
      );
    }
    const isContact = kind === "email" || kind === "sms";
    const deviceModel = isContact && !isStrict ? value("device_model") : requiredOrErased("device_model");
    const launchCount = wholeNumber(required("session_count"), "session_count");
    const installDate = moment(optional("created_at"), "created_at");
    const launchTime = moment(optional("last_active"), "last_active");
    const namedUser = value("external_user_id");
    const isNamed = namedUser !== "" && namedUser !== erased;
    const userId = isNamed ? readId(namedUser, "external_user_id") : id;
    const key = installationKey(appId, id);
    const language = optional("language");
    const optedOut = isOptedOut(value("invalid_identifier"), value("notification_types"));

    const user: UserChange = {
      userKey: keyOfUser(userId),
      userId,
      isGuest: !isNamed,
      foundBy: isNamed || isContact ? null : "installation",
      via: isNamed || isContact ? null : key,
      email: undefined,
      phone: undefined,
      language: undefined,
      attributes: {},
      tags: tags.slice(),
      valueTags: {},
      optedOut: [],
      erase: null,
      line,
    };
    const tagsText = optional("tags");
    if (tagsText === null || tagsText !== lastTags || userId !== lastTagged) readTags(tagsText, user);
    let installation: InstallationChange | null = null;
    if (isContact) {
      if (kind === "email") user.email = readEmail(identifier, "identifier");
      else user.phone = readPhone(identifier, "identifier", context.phone);
      user.language = language ?? undefined;
      if (optedOut) user.optedOut = [kind satisfies LeavableChannel];
    } else {
      const place = readPlace(optional("location"));
      const deviceToken = tokenOf(kind, identifier, value("web_auth"), value("web_p256"));
      installation = {
        installationKey: key,
        installationId: id,
        userKey: user.userKey,
        isOwnerKnown: isNamed,
        deviceType: kind.deviceType,
        deviceModel,
        browser: kind.browser,
        osVersion: optional("device_os"),
        clientVersion: optional("game_version"),
        launchCount,
        installDate,
        launchTime,
        deviceToken,
        // Without the keys of a subscription nothing can be encrypted for a browser.
        tokenService:
          kind.tokenService === "webpush" && deviceToken === identifier ? null : kind.tokenService,
        language,
        country: readCountry(optional("country")),
        timeZone: readZone(optional("timezone_id"), optional("timezone")),
        optedOut,
        topics: null,
        lat: place?.latitude ?? null,
        lng: place?.longitude ?? null,
        erase: null,
        line,
      };
    }
    if (erasures !== null) erase(erasures, user, installation);
    lastTags = tagsText;
    lastTagged = userId;
    const subject = isContact ? (kind === "email" ? "email" : "phone") : "installation";
    return { kind: "person", line, rowKey: key, subject, user, installation };
  };
}

/** Offsets seen so far; there are some forty in the world. */
const offsets = new Map<string, string>();

/**
 * `invalid_identifier` t is unsubscribed; `notification_types` is 1 for subscribed and 0 or less for the ways not to be.
 */
function isOptedOut(invalid: string, types: string): boolean {
  if (invalid.startsWith("t") || invalid.startsWith("T")) return true;
  return types !== "" && /^-?\d+$/.test(types) && Number(types) <= 0;
}

/** A web device with its keys has the browser's PushSubscription as its token (W3C Push API §8). */
function tokenOf(kind: Kind, identifier: string, auth: string, p256dh: string): string {
  if (kind.deviceType !== "web" || auth === "" || p256dh === "") return identifier;
  // Chrome's rows have the registration alone, without the address it is behind.
  const endpoint = /^https:\/\//i.test(identifier)
    ? identifier
    : `https://fcm.googleapis.com/fcm/send/${identifier}`;
  return JSON.stringify({ endpoint, keys: { p256dh, auth } });
}

/** Pairs become `key_value`; numbers and booleans by their text. A list of texts is kept as plain tags. */
function readTags(text: string | null, user: UserChange): void {
  if (text === null || text === "{}") return;
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
    for (const tag of tags) user.tags.push(readTag(tag, "tags"));
    return;
  }
  if (tags === null || tags === "") return;
  if (typeof tags !== "object") {
    throw new Rejected("tags_invalid", "tags", 'tags must be a JSON object such as {"city":"tehran"}.');
  }
  for (const key in tags) {
    const tag = (tags as Record<string, unknown>)[key];
    if (tag === null || tag === "") continue;
    user.valueTags[key] = readTagValue(key, tag, "tags");
  }
}

function wholeNumber(text: string, column: string): number {
  const digits = europeanDigits(text);
  const number = Number(digits);
  if (!/^\d+$/.test(digits) || number > 2_147_483_647) {
    throw new Rejected(
      "number_invalid",
      column,
      `${column} must be a whole number from 0, not ${quoted(text)}.`,
    );
  }
  return number;
}

function moment(text: string | null, column: string): Date | null {
  if (text === null) return null;
  const at = parseMoment(europeanDigits(text));
  if (at !== null) return at;
  throw new Rejected(
    "date_invalid",
    column,
    `${column} must be a date such as 2024-05-02 18:21:07 (UTC), not ${quoted(text)}.`,
  );
}

type Erasures = NonNullable<InstallationChange["erase"]>;

const erasable: Partial<Record<Column, Erasures[number]>> = {
  device_model: "device_model",
  device_os: "os_version",
  game_version: "client_version",
  created_at: "install_date",
  last_active: "launch_time",
  language: "language",
  country: "country",
  location: "location",
};

/** What blank and `\N` cells forget; of two columns for one thing both must say so. */
function erase(columns: string[], user: UserChange, installation: InstallationChange | null): void {
  const fields: ("language" | "tags")[] = [];
  if (columns.includes("tags")) fields.push("tags");
  if (columns.includes("language") && !installation) fields.push("language");
  if (fields.length > 0) user.erase = { fields, attributes: [] };
  if (!installation) return;
  const forgotten = columns.flatMap((column) => erasable[column as Column] ?? []);
  const saysZone = columns.includes("timezone") || columns.includes("timezone_id");
  if (saysZone && installation.timeZone === null) forgotten.push("time_zone");
  if (forgotten.length > 0) installation.erase = forgotten;
}
