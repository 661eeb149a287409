import { isUtf8 } from "node:buffer";
import chardet from "chardet";
import type { Encoding } from "../fields.ts";

// As people and other systems write them, without case, spaces, dashes and underscores. What calls itself Latin-1 is
// Windows-1252, which has more letters at places that Latin-1 leaves to control codes (WHATWG Encoding §4.2).
const aliases: Record<string, Encoding> = {
  utf8: "utf-8",
  unicode11utf8: "utf-8",
  ascii: "utf-8",
  usascii: "utf-8",
  utf16: "utf-16le",
  utf16le: "utf-16le",
  ucs2: "utf-16le",
  unicode: "utf-16le",
  utf16be: "utf-16be",
  windows1252: "windows-1252",
  cp1252: "windows-1252",
  win1252: "windows-1252",
  "1252": "windows-1252",
  latin1: "windows-1252",
  iso88591: "windows-1252",
  ansi: "windows-1252",
  windows1256: "windows-1256",
  cp1256: "windows-1256",
  win1256: "windows-1256",
  "1256": "windows-1256",
};

/** The encoding that is called so: `UTF8`, `cp1256`, `iso-8859-1` …; null when it is none that we read. */
export function parseEncoding(name: string): Encoding | null {
  const key = name.toLowerCase().replace(/[\s_-]/g, "");
  return Object.hasOwn(aliases, key) ? (aliases[key] ?? null) : null;
}

const marks: [Encoding, Buffer][] = [
  ["utf-8", Buffer.from([0xef, 0xbb, 0xbf])],
  ["utf-16le", Buffer.from([0xff, 0xfe])],
  ["utf-16be", Buffer.from([0xfe, 0xff])],
];

/** The byte order mark at the start of a file, which names its encoding; null when there is none. */
export function byteOrderMark(head: Buffer): { encoding: Encoding; length: number } | null {
  for (const [encoding, mark] of marks) {
    if (head.subarray(0, mark.length).equals(mark)) return { encoding, length: mark.length };
  }
  return null;
}

/**
 * UTF-16 without a mark: delimiters, digits and line ends have a zero byte, always on the same side. In a file of bytes
 * with stray NULs most units would be two plain letters instead.
 */
export function guessUtf16(head: Buffer): Encoding | null {
  const units = head.length >> 1;
  let le = 0;
  let be = 0;
  let pairs = 0;
  for (let at = 0; at + 1 < head.length; at += 2) {
    const [first, second] = [head[at] ?? 0, head[at + 1] ?? 0];
    if (second === 0 && isPlain(first)) le++;
    else if (first === 0 && isPlain(second)) be++;
    else if (isPlain(first) && isPlain(second)) pairs++;
  }
  if (le > be * 4 && le > pairs && le * 10 >= units) return "utf-16le";
  if (be > le * 4 && be > pairs && be * 10 >= units) return "utf-16be";
  return null;
}

const isPlain = (unit: number) => (unit >= 0x20 && unit < 0x7f) || unit === 9 || unit === 10 || unit === 13;

/**
 * The encoding of a file that was ASCII up to `sample`, which starts with its first other byte. Where sequences that
 * UTF-8 knows prevail it is UTF-8 with a few broken rows, else a code page: single bytes form such sequences by chance
 * (Windows-1256 has پ, چ, ژ and گ where UTF-8 continues), but never mostly.
 */
export function guessFromBytes(sample: Buffer, country: string | null | undefined): Encoding {
  if (isUtf8(sample)) return "utf-8";
  const { valid, broken } = countSequences(sample);
  return valid > 0 && valid >= broken ? "utf-8" : guessCodePage(sample, country);
}

/** Sequences of several bytes that are UTF-8, and runs of bytes above ASCII that are not. */
function countSequences(sample: Buffer): { valid: number; broken: number } {
  let valid = 0;
  let broken = 0;
  let isInBroken = false;
  for (let at = 0; at < sample.length; ) {
    const lead = sample[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // What the sample cuts off proves nothing.
    if (length > 1 && at + length > sample.length) break;
    const isValid = length > 1 && isUtf8(sample.subarray(at, at + length));
    if (isValid) valid++;
    if (length > 1 && !isValid && !isInBroken) broken++;
    isInBroken = length > 1 && !isValid;
    at += isInBroken ? 1 : length;
  }
  return { valid, broken };
}

/**
 * Windows-1256 or Windows-1252. Arabic letters come in runs and never touch ASCII letters; accented Latin letters are
 * inside words. Where that is not clear the country tells, and without one the majority, or chardet.
 */
function guessCodePage(sample: Buffer, country: string | null | undefined): Encoding {
  let arabic = 0;
  let latin = 0;
  for (let at = 0; at < sample.length; at++) {
    if ((sample[at] ?? 0) < 0x80) continue;
    const start = at;
    while ((sample[at + 1] ?? 0) >= 0x80) at++;
    const run = sample.subarray(start, at + 1);
    // The sample starts in the middle of the file, where the byte before is not known.
    if (isLetter(sample[start - 1]) || isLetter(sample[at + 1])) latin += run.length;
    else if (run.length > 1 && run.every(isArabic)) arabic += run.length;
  }
  const seen = arabic + latin;
  if (seen >= 4 && arabic >= seen * 0.9) return "windows-1256";
  if (seen >= 4 && latin >= seen * 0.9) return "windows-1252";
  const script = country ? scriptOf(country) : null;
  if (script === "Arab") return "windows-1256";
  if (script === "Latn") return "windows-1252";
  if (arabic !== latin) return arabic > latin ? "windows-1256" : "windows-1252";
  const named = chardet.analyse(sample).map((match) => parseEncoding(match.name));
  return named.find((each) => each?.startsWith("windows-")) ?? "windows-1252";
}

const isLetter = (byte: number | undefined) =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));

// Windows-1256: letters and vowel signs of Arabic, Persian and Urdu, and the joiners between them.
const arabicBytes = new Set([
  0x81, 0x8a, 0x8d, 0x8e, 0x8f, 0x90, 0x98, 0x9a, 0x9d, 0x9e, 0x9f, 0xa1, 0xaa, 0xba, 0xbf, 0xc0, 0xe1, 0xff,
]);
const isArabic = (byte: number) =>
  arabicBytes.has(byte) ||
  (byte >= 0xc1 && byte <= 0xdf && byte !== 0xd7) ||
  (byte >= 0xe3 && byte <= 0xe6) ||
  byte === 0xec ||
  byte === 0xed ||
  (byte >= 0xf0 && byte <= 0xf3) ||
  (byte >= 0xf5 && byte <= 0xf8 && byte !== 0xf7) ||
  byte === 0xfa;

/** The script that most people of a country write, as Unicode's likely subtags have it: `Arab`, `Latn` …. */
function scriptOf(country: string): string | null {
  if (!/^[a-z]{2}$/i.test(country)) return null;
  return new Intl.Locale(`und-${country}`).maximize().script ?? null;
}
