import type { Outside } from "../channels/provider.ts";
import { retryAfterMs } from "../channels/retry-after.ts";
import { type Http1, openHttp1 } from "../channels/transport/http1.ts";
import { type Verdict, verdictOf } from "./settle.ts";
import { signedHeaders } from "./sign.ts";

/** A receiver that takes longer is told again. */
export const callTimeoutMs = 15_000;

/** Connections to the webhooks of all apps: guarded against private addresses, without redirects. */
export const openCalls = (outside: Outside, connections: number): Http1 =>
  openHttp1(outside, { connections, timeoutMs: callTimeoutMs });

/** One signed request, and what came of it. Never throws. */
export async function callWebhook(
  http: Http1,
  request: { url: string; id: string; body: string; secrets: readonly string[] },
  signal: AbortSignal,
): Promise<Verdict & { tookMs: number }> {
  const { origin, pathname, search } = new URL(request.url);
  const at = new Date();
  const headers = {
    "content-type": "application/json",
    "user-agent": "Chapar-Webhooks/1.0",
    ...signedHeaders(request.secrets, { ...request, at }),
  };
  const exchanged = await http.exchange(
    {
      ...{ origin, method: "POST", path: pathname + search },
      ...{ headers: Object.entries(headers).flat(), body: request.body },
    },
    signal,
  );
  const header = exchanged.kind === "answered" ? exchanged.headers["retry-after"] : undefined;
  const verdict = verdictOf(exchanged, retryAfterMs(header, Date.now()));
  return { ...verdict, tookMs: Date.now() - at.getTime() };
}
