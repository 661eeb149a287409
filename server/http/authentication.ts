import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Sessions } from "../accounts/sessions.ts";
import { Problem } from "../lib/problem.ts";

/** For whom a request speaks: the app whose token it carries, or the one the signed-in account chose. */
interface Caller {
  appKey: number;
  appId: string;
  by: "token" | "session";
  /** Who it is, for the history: the name of the token, or the e-mail address of the account. */
  name: string;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set on every route below `/api` that is not public. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Needs neither token nor session. */
    isPublic?: boolean;
  }
}

interface TokenOwner {
  appKey: number;
  appId: string;
  tokenName: string;
}

/** Only scripts of the panel can set it: a foreign page would need our permission (CORS), which nobody gets. */
const panelHeader = "x-chapar-panel";

/** Requires an access token or a panel session on every route of this scope that is not marked public. */
export function requireCaller(
  http: FastifyInstance,
  accounts: {
    findAppByToken: (secret: string, nowMs: number) => Promise<TokenOwner | null>;
    sessions: Sessions;
  },
): void {
  http.decorateRequest("caller");
  http.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.isPublic) return;
    const secret = tokenOf(request);
    if (secret !== null) {
      const app = await accounts.findAppByToken(secret, Date.now());
      if (!app) throw new Problem("unauthorized", "This access token is unknown or was revoked.");
      request.caller = { appKey: app.appKey, appId: app.appId, by: "token", name: app.tokenName };
      return;
    }
    request.caller = await callerOfSession(request, accounts.sessions);
  });
}

/** `?access_token=`, `X-Access-Token` or `Authorization: Bearer`, whichever is there. */
function tokenOf(request: FastifyRequest): string | null {
  const { access_token: inQuery } = request.query as { access_token?: unknown };
  if (typeof inQuery === "string") return inQuery;
  const header = request.headers["x-access-token"];
  if (typeof header === "string") return header;
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "");
  return bearer?.[1] ?? null;
}

async function callerOfSession(request: FastifyRequest, sessions: Sessions): Promise<Caller> {
  const session = await sessions.find(request.headers.cookie);
  if (!session) {
    throw new Problem(
      "unauthorized",
      "Give an access token: ?access_token=…, X-Access-Token or Authorization: Bearer.",
    );
  }
  if (request.method !== "GET" && request.method !== "HEAD" && request.headers[panelHeader] === undefined) {
    throw new Problem("forbidden", `A write with the panel's session needs the header ${panelHeader}.`);
  }
  const { appId: inQuery } = request.query as { appId?: unknown };
  const header = request.headers["x-app-id"];
  const wanted =
    typeof header === "string" ? header : typeof inQuery === "string" ? inQuery : session.apps[0]?.appId;
  const appKey = wanted === undefined ? undefined : session.appKeys.get(wanted);
  if (wanted === undefined || appKey === undefined)
    throw new Problem("forbidden", "This app is not yours to see.");
  return { appKey, appId: wanted, by: "session", name: session.account.email };
}
