import type { Encoding } from "../../../server/imports/fields.ts";

/** Character encodings that a file may be in, by the names of the API, as people write them. */
export const encodingNames = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16 LE",
  "utf-16be": "UTF-16 BE",
  "windows-1256": "Windows-1256",
  "windows-1252": "Windows-1252",
} as const satisfies Record<Encoding, string>;

/** An encoding by its name in the API, as people write it. */
export function nameOfEncoding(encoding: string): string {
  const names: Record<string, string> = encodingNames;
  return names[encoding] ?? encoding;
}
