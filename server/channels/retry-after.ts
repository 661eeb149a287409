// A provider that asks for more is not believed: an account must not rest for weeks over one header.
const mostMs = 24 * 3_600_000;

/**
 * Milliseconds that a Retry-After asks to wait, in seconds or as a date (RFC 9110 §10.2.3), at most a day; undefined
 * where it says nothing that can be read.
 */
export function retryAfterMs(header: string | string[] | undefined, nowMs: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(Math.ceil(ms), 0), mostMs);
}
