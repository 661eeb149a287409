import { ApiProblem, readProblem } from "./problem.ts";

/** Values of a query string; undefined ones are left out, and a list repeats its name. */
type Query = Record<string, string | number | readonly string[] | undefined>;

/** An answer with what its headers carry besides the body. */
interface Answer<T> {
  body: T;
  /** Id of the accepted message, from the header `X-Push-Id`. */
  pushId: string | null;
}

/** How far an upload has come, bytes. */
export interface UploadProgress {
  sent: number;
  total: number;
}

/** Calls to the API on behalf of one app. Every method rejects with {@link ApiProblem}. */
export interface ApiClient {
  readonly appId: string | null;
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  /** `idempotencyKey` makes a repeated POST answer like the first. */
  post<T>(path: string, body?: unknown, idempotencyKey?: string, signal?: AbortSignal): Promise<Answer<T>>;
  /** A POST that is answered with nothing. */
  send(path: string, body: unknown): Promise<void>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  /** Answers what was said of it; undefined when nothing was. */
  remove<T = undefined>(path: string): Promise<T>;
  /** Sends a file as the raw body, of `type` if that matters. fetch() tells nothing of the upload, so this is an XMLHttpRequest. */
  upload<T>(
    path: string,
    query: Query,
    file: Blob,
    onProgress: (progress: UploadProgress) => void,
    signal: AbortSignal,
    type?: string,
  ): Promise<T>;
  /** Address for a link or an EventSource, which cannot carry headers: the app goes into the query. */
  link(path: string, query?: Query): string;
}

/** The path under /api with its query. */
function address(path: string, query: Query = {}): string {
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === "") continue;
    for (const item of Array.isArray(value) ? value : [value]) values.append(name, String(item));
  }
  const text = values.toString();
  return `/api${path}${text === "" ? "" : `?${text}`}`;
}

/** A random key for `Idempotency-Key`. Not crypto.randomUUID: that is missing on plain http outside localhost. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** A client for the app, or for what needs none (sign-in) when `appId` is null. `onSignedOut` is told of every 401. */
export function createClient(appId: string | null, onSignedOut: () => void): ApiClient {
  // Writes without this header are refused: no other site can set it (CSRF).
  const headers: Record<string, string> = { "X-Chapar-Panel": "1", Accept: "application/json" };
  if (appId !== null) headers["X-App-Id"] = appId;

  const refuse = (status: number, text: string): never => {
    const problem = readProblem(status, text);
    if (status === 401) onSignedOut();
    throw problem;
  };

  async function call(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(path, { credentials: "same-origin", ...init });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiProblem("unreachable", 0, "");
    }
    if (!response.ok) refuse(response.status, await response.text());
    return response;
  }

  async function write<T>(method: "PUT" | "PATCH", path: string, body: unknown): Promise<T> {
    const response = await call(address(path), {
      method,
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await response.json()) as T;
  }

  return {
    appId,
    async get<T>(path: string, query?: Query, signal?: AbortSignal) {
      const response = await call(address(path, query), { headers, ...(signal ? { signal } : {}) });
      // The shapes are the server's schemas, which it also validates its answers with.
      return (await response.json()) as T;
    },
    async post<T>(path: string, body?: unknown, idempotencyKey?: string, signal?: AbortSignal) {
      const sent: Record<string, string> = { ...headers };
      if (body !== undefined) sent["Content-Type"] = "application/json";
      if (idempotencyKey !== undefined) sent["Idempotency-Key"] = idempotencyKey;
      const response = await call(address(path), {
        method: "POST",
        headers: sent,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      return { body: (await response.json()) as T, pushId: response.headers.get("X-Push-Id") };
    },
    async send(path, body) {
      await call(address(path), {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    },
    put: (path, body) => write("PUT", path, body),
    patch: (path, body) => write("PATCH", path, body),
    async remove<T>(path: string) {
      const response = await call(address(path), { method: "DELETE", headers });
      return (response.status === 204 ? undefined : await response.json()) as T;
    },
    upload<T>(
      path: string,
      query: Query,
      file: Blob,
      onProgress: (p: UploadProgress) => void,
      signal: AbortSignal,
      type = "application/octet-stream",
    ) {
      return new Promise<T>((resolve, reject) => {
        signal.throwIfAborted();
        const request = new XMLHttpRequest();
        request.open("POST", address(path, query));
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.setRequestHeader("Content-Type", type);
        request.setRequestHeader("Idempotency-Key", newIdempotencyKey());
        request.upload.onprogress = (event) => onProgress({ sent: event.loaded, total: file.size });
        request.onerror = () => reject(new ApiProblem("unreachable", 0, ""));
        request.onabort = () => reject(new DOMException("upload stopped", "AbortError"));
        request.onload = () => {
          try {
            if (request.status >= 300) refuse(request.status, request.responseText);
            resolve(JSON.parse(request.responseText) as T);
          } catch (error) {
            reject(error);
          }
        };
        signal.addEventListener("abort", () => request.abort(), { once: true });
        request.send(file);
      });
    },
    link: (path, query) => address(path, { ...query, appId: appId ?? undefined }),
  };
}
