import {
  type Device,
  type DeviceKind,
  deviceMix,
  devices,
  firstNames,
  languages,
  persianFirstNames,
  phonePlans,
} from "./sample-values.ts";

/** The header of OneSignal's export, its extra column `external_user_id` included. */
export const sampleHeader =
  "id,identifier,session_count,language,timezone,game_version,device_os,device_type,device_model,ad_id,tags,last_active,playtime,amount_spent,created_at,invalid_identifier,badge_count,external_user_id";

/** Everything random about the sample: the same seed gives the same rows on every machine. */
interface Random {
  /** A whole number in [0, below). */
  below(below: number): number;
  /** 32 random bits. */
  bits(): number;
  /** Random letters to cut from. */
  readonly pool: string;
}

/** A person of whom the rows tell. */
interface Person {
  readonly userId: string;
  readonly number: number;
  readonly isPersian: boolean;
  readonly firstName: string;
  readonly tags: string;
  readonly language: string;
  /** Seconds east of Greenwich. */
  readonly timezone: number;
}

// A fixed "today", so that the rows depend on the seed alone: 2026-11-01 00:00 UTC.
const todayMs = Date.UTC(2026, 10, 1);
const dayMs = 86_400_000;

/**
 * Rows of a OneSignal export without line ends, `count` of them, all valid. The first is user `Test` with exactly one
 * Android device. Others have one to four devices, sometimes an e-mail or SMS row; some have no user id.
 */
export function* sampleRows(count: number, seed: number): Generator<string, void, void> {
  const random = createRandom(seed);
  if (count > 0) yield testRow(random);
  for (let made = 1, person = 1; made < count; person++) {
    for (const row of personRows(person, random)) {
      if (made++ < count) yield row;
    }
  }
}

function testRow(random: Random): string {
  const tags = '"{""first_name"":""Test"",""city"":""tehran"",""plan"":""gold""}"';
  const person = {
    userId: "Test",
    number: 0,
    isPersian: true,
    firstName: "Test",
    language: "fa",
    timezone: 12600,
    tags,
  };
  const [phone] = devices.android;
  if (!phone) throw new Error("sample-values.ts lists no Android device");
  return row(person, "android", phone, random, "f");
}

function* personRows(number: number, random: Random): Generator<string, void, void> {
  const person = makePerson(number, random);
  const dice = random.below(100);
  const deviceCount = person.userId === "" ? 1 : dice < 70 ? 1 : dice < 90 ? 2 : dice < 97 ? 3 : 4;
  for (let device = 0; device < deviceCount; device++) {
    const kind = pick(deviceMix, random);
    yield row(person, kind, pick(devices[kind], random), random, random.below(100) === 0 ? "t" : "f");
  }
  if (person.userId === "") return;
  const contact = random.below(100);
  if (contact < 12) yield row(person, "email", blankDevice(11), random, "f");
  if (contact % 10 === 0) yield row(person, "sms", blankDevice(14), random, "f");
}

function makePerson(number: number, random: Random): Person {
  const isPersian = random.below(100) < 65;
  const firstName = pick(isPersian ? persianFirstNames : firstNames, random);
  const city = pick(isPersian ? iranianCities : worldCities, random);
  const plan = pick(plans, random);
  const level = random.below(50);
  const tags =
    random.below(20) === 0
      ? "{}"
      : `"{""first_name"":""${firstName}"",""city"":""${city}"",""plan"":""${plan}"",""level"":""${level}""}"`;
  const userId = random.below(20) === 0 ? "" : `user-${number}`;
  // Of the person and not of the device: who speaks Persian speaks it on every phone.
  const language = isPersian ? "fa" : pick(languages, random);
  const timezone = isPersian ? 12600 : 3600 * (random.below(20) - 8);
  return { userId, number, isPersian, firstName, language, timezone, tags };
}

function row(
  person: Person,
  kind: DeviceKind | "email" | "sms",
  device: Device,
  random: Random,
  invalid: string,
): string {
  const isDevice = kind !== "email" && kind !== "sms";
  const ageDays = 1 + random.below(1000);
  const createdMs = todayMs - ageDays * dayMs + random.below(86_400) * 1000;
  // Most people were here lately: half within the last tenth of their time with us.
  const lastMs = createdMs + Math.floor((todayMs - createdMs) * (1 - (random.below(1000) / 1000) ** 3));
  const sessions = isDevice ? 1 + random.below(200) : 0;
  const version = isDevice ? `${1 + random.below(5)}.${random.below(10)}.${random.below(20)}` : "";
  const advertisingId =
    isDevice && kind !== "web" ? (kind === "ios" && sessions % 3 === 0 ? "OptedOut" : uuid(random)) : "";
  const spent = sessions % 8 === 0 ? `${random.below(200)}.99` : "0";
  return `${uuid(random)},${identifier(person, kind, random)},${sessions},${person.language},${person.timezone},${version},${device.os},${device.type},${device.model},${advertisingId},${person.tags},${date(lastMs)},${sessions * 97},${spent},${date(createdMs)},${invalid},${kind === "ios" ? sessions % 4 : 0},${person.userId}`;
}

function identifier(person: Person, kind: DeviceKind | "email" | "sms", random: Random): string {
  switch (kind) {
    case "email":
      return `user.${person.number}@${person.isPersian ? "example.com" : "example.org"}`; // RFC 2606: nobody's
    case "sms":
      return phone(person);
    case "ios":
      return hex64(random);
    case "web":
      return `https://fcm.googleapis.com/fcm/send/${letters(random, 11)}:APA91b${letters(random, 134)}`;
    case "windows":
      return `https://db5p.notify.windows.com/?token=${letters(random, 120)}`;
    case "huawei":
      return `IQAAAACy${letters(random, 122)}`;
    case "android":
      return `${letters(random, 11)}:APA91b${letters(random, 134)}`; // 152 characters, as FCM's
    default:
      return kind satisfies never;
  }
}

/** E.164. The person's number makes it unique within a plan for the first million people. */
function phone(person: Person): string {
  const plan = person.isPersian ? 0 : 1 + (person.number % (phonePlans.length - 1));
  const { prefix, digits } = phonePlans[plan] ?? { prefix: "+98912", digits: 7 };
  return prefix + String(person.number % 10 ** digits).padStart(digits, "0");
}

function blankDevice(type: number): Device {
  return { type, os: "", model: "" }; // OneSignal leaves the model of e-mail and SMS rows blank
}

const iranianCities = [
  "tehran",
  "mashhad",
  "isfahan",
  "shiraz",
  "tabriz",
  "karaj",
  "qom",
  "ahvaz",
  "rasht",
  "yazd",
];
const worldCities = [
  "london",
  "berlin",
  "paris",
  "istanbul",
  "dubai",
  "new_york",
  "toronto",
  "madrid",
  "rome",
];
const plans = ["free", "free", "free", "silver", "gold"];

/** sfc32 (PractRand): fast, and its 128 bits of state make collisions of generated ids as rare as they should be. */
function createRandom(seed: number): Random {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 20; round++) bits(); // spreads a small seed over the state
  let pool = "";
  while (pool.length < poolLength + 200) pool += letter(bits());
  return { bits, below: (below) => Math.floor((bits() / 4_294_967_296) * below), pool };
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random.below(values.length)] as T; // every list in sample-values.ts has entries
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const hexPairs = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, "0"));
const twoDigits = Array.from({ length: 60 }, (_, index) => String(index).padStart(2, "0"));

// Cutting the long, opaque part of a token out of a pool instead of drawing it doubles the speed. The head stays drawn:
// 20 characters of 6 bits keep tokens unique.
const poolLength = 65_536;
const drawnLength = 20;

function letters(random: Random, length: number): string {
  let text = "";
  for (let drawn = 0; drawn < Math.min(length, drawnLength); drawn += 5) {
    const bits = random.bits();
    text +=
      letter(bits) + letter(bits >>> 6) + letter(bits >>> 12) + letter(bits >>> 18) + letter(bits >>> 24);
  }
  if (length <= drawnLength) return text.slice(0, length);
  const start = random.below(poolLength);
  return text + random.pool.slice(start, start + length - drawnLength);
}

function letter(bits: number): string {
  return alphabet[bits & 63] ?? "";
}

/** Eight hexadecimal digits. */
function hex8(bits: number): string {
  return `${hexPairs[bits >>> 24]}${hex4(bits >>> 8)}${hexPairs[bits & 255]}`;
}

function hex4(bits: number): string {
  return `${hexPairs[(bits >>> 8) & 255]}${hexPairs[bits & 255]}`;
}

function hex64(random: Random): string {
  let text = "";
  while (text.length < 64) text += hex8(random.bits());
  return text;
}

/** A random UUID (RFC 9562, version 4). */
function uuid(random: Random): string {
  const middle = random.bits();
  const end = random.bits();
  const version = 0x4000 | (middle & 0x0fff);
  const variant = 0x8000 | ((middle >>> 16) & 0x3fff);
  return `${hex8(random.bits())}-${hex4(end)}-${hex4(version)}-${hex4(variant)}-${hex4(end >>> 16)}${hex8(random.bits())}`;
}

const days = new Map<number, string>(); // the days asked for lie within three years

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
function date(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const number = Math.floor(seconds / 86_400);
  let day = days.get(number);
  if (day === undefined) {
    day = new Date(number * dayMs).toISOString().slice(0, 10);
    days.set(number, day);
  }
  const rest = seconds - number * 86_400;
  const hours = Math.floor(rest / 3600);
  return `${day} ${twoDigits[hours]}:${twoDigits[Math.floor(rest / 60) % 60]}:${twoDigits[rest % 60]}`;
}
