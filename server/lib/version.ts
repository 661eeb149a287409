/**
 * A version as one sortable number: up to four numeric parts of 15, 16, 16 and 16 bits (browsers have
 * `156.0.8078.79`), which together fit a signed 64-bit integer. A leading `v` and a suffix such as `-beta` are ignored.
 * Null when the text does not start with a number or a part does not fit.
 */
export function versionNumber(text: string | null): bigint | null {
  const match = /^\s*v?(\d+(?:\.\d+){0,3})(?![\d])/i.exec(text ?? "");
  if (!match?.[1]) return null;
  const parts = match[1].split(".").map(Number);
  const [major = 0, minor = 0, patch = 0, build = 0] = parts;
  if (major >= 2 ** 15 || minor >= 2 ** 16 || patch >= 2 ** 16 || build >= 2 ** 16) return null;
  return ((BigInt(major) * 65536n + BigInt(minor)) * 65536n + BigInt(patch)) * 65536n + BigInt(build);
}
