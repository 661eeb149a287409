import { ChaparError } from "./errors.ts";
import type { Device } from "./types.ts";

const timeoutMs = 20_000;

/** Proves that a call is of the device itself: what it was given when it registered. */
export type Proof = Pick<Device["mqtt"], "username" | "password">;

export interface Request {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/api/`. */
  path: string;
  body?: unknown;
}

/** The server's answer as it is, checked for no more than its status. Throws {@link ChaparError}. */
export type CallApi = <T>(request: Request, proof: Proof | null) => Promise<T>;

export function createApi(parts: {
  url: string;
  publicKey: string;
  log: (line: string) => void;
  fetch?: typeof fetch;
}): CallApi {
  const { url, publicKey, log } = parts;
  return async <T>({ method, path, body }: Request, proof: Proof | null) => {
    const call = `${method} /api/${path}`;
    const response = await (parts.fetch ?? fetch)(`${url}/api/${path}`, {
      method,
      headers: {
        "x-access-token": publicKey,
        ...(proof ? { authorization: `Basic ${base64(`${proof.username}:${proof.password}`)}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      log(`${call}: not reached`);
      throw new ChaparError("network", `${call}: ${url} was not reached`, { cause });
    });
    log(`${call}: ${response.status}`);
    const text = await response.text().catch((cause: unknown) => {
      throw new ChaparError("network", `${call}: the answer broke off`, { cause });
    });
    if (!response.ok) throw failureOf(call, response.status, text);
    return (text ? parse(text) : undefined) as T;
  };
}

/** What a status means to a client. */
function failureOf(call: string, status: number, text: string): ChaparError {
  const detail = detailOf(parse(text));
  const message = `${call} answered ${status}${detail ? `: ${detail}` : ""}`;
  return new ChaparError(codeOf(status), message, { status });
}

function codeOf(status: number) {
  if (status === 401) return "unauthorized";
  if (status === 404) return "not_found";
  // Timeout, too early, too many: the same call may be taken later.
  return status >= 500 || [408, 425, 429].includes(status) ? "unavailable" : "refused";
}

/** RFC 9457: `detail` says more than `title`. */
function detailOf(problem: unknown): string {
  const { title, detail } = (problem ?? {}) as { title?: unknown; detail?: unknown };
  return String(detail ?? title ?? "");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Of the UTF-8, which `btoa` alone does not take. */
const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
