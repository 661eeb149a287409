import type { Outcome } from "../provider.ts";
import { retryAfterMs } from "../retry-after.ts";
import type { Answer } from "../transport/exchange.ts";
import type { HttpConfig } from "./config.ts";
import { stepsOf, textOf, valueAt } from "./path.ts";

type Failure = Exclude<Outcome["kind"], "accepted" | "left" | "halted">;

const failures: readonly Failure[] = ["retry", "throttle", "rejected", "gone", "misconfigured", "unknown"];

/** What a status means unless the account says otherwise. */
function failureOf(status: number, body: string | null): Failure {
  if (status === 429) return "throttle";
  if (status === 401 || status === 402 || status === 403) return "misconfigured";
  if (status === 410) return "gone";
  if (status === 408) return "retry";
  // A gateway gave up waiting, or something broke before the service had words for it: what stands behind it may have
  // taken the message.
  if (status === 504 || ((status === 500 || status === 502) && parsed(body ?? "") === undefined))
    return "unknown";
  if (status >= 500) return "retry";
  // Also 404 and redirects, which are not followed: with the next message it may be another address.
  return "rejected";
}

/** Makes the reader of answers of an account. `host` is what sentences call the service. */
export function createAnswerReader(
  config: HttpConfig,
  { host, redact }: { host: string; redact: (text: string) => string },
): (answer: Answer, nowMs: number) => Outcome {
  const idPath = stepsOf(config.idPath);
  const codePath = stepsOf(config.codePath);
  const detailPath = stepsOf(config.detailPath);
  const successPath = stepsOf(config.success.path);
  const statuses = config.success.statuses ? new Set(config.success.statuses) : null;
  const expected = [config.success.equals ?? null]
    .flat()
    .map((value) => (value === null ? null : String(value)));
  const listed = new Map<number | string, Failure>(
    failures.flatMap((kind) => (config.outcomes[kind] ?? []).map((what) => [what, kind] as const)),
  );
  const isRead = Boolean(idPath || codePath || detailPath || successPath);

  return ({ status, headers, body }, nowMs) => {
    const json = isRead && body !== null ? parsed(body) : undefined;
    const isSuccess = statuses ? statuses.has(status) : status >= 200 && status < 300;
    const code = codePath ? textOf(valueAt(json, codePath))?.slice(0, 64) : undefined;
    const meant = code === undefined ? undefined : listed.get(code);
    if (isSuccess && meant === undefined) {
      if (successPath && json === undefined)
        return {
          kind: "unknown",
          code: `http_${status}`,
          detail: `${host} answered ${status}, but with no JSON that says whether it took the message`,
        };
      if (!successPath || expected.includes(textOf(valueAt(json, successPath)))) {
        const id = idPath ? textOf(valueAt(json, idPath)) : null;
        return { kind: "accepted", providerId: id === null || id === "" ? null : id.slice(0, 512) };
      }
    }
    const kind = meant ?? listed.get(status) ?? (isSuccess ? "rejected" : failureOf(status, body));
    const words = (detailPath && textOf(valueAt(json, detailPath))) || excerpt(body ?? "");
    const failure = {
      code: redact(code ?? `http_${status}`).slice(0, 64),
      detail: redact(
        `${host} answered ${status}${code === undefined ? "" : `, code ${code}`}${words && `: ${words}`}`,
      ).slice(0, 500),
    };
    if (kind === "gone") return { kind, cause: "unregistered", ...failure };
    if (kind !== "retry" && kind !== "throttle") return { kind, ...failure };
    const afterMs = retryAfterMs(headers["retry-after"], nowMs);
    return { kind, ...failure, ...(afterMs === undefined ? {} : { afterMs }) };
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const excerpt = (body: string): string => body.slice(0, 200).replace(/\s+/g, " ").trim();
