import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Permission } from "../accounts/permissions.ts";
import type { Sessions } from "../accounts/sessions.ts";
import { Problem } from "../lib/problem.ts";

/** For whom a request speaks: the app whose token or key it carries, or the one the signed-in account chose. */
export interface Caller {
  appKey: number;
  appId: string;
  /** By `key`: everybody can read it, so it stands for no more than the device that proved itself beside it. */
  by: "token" | "session" | "key";
  /** Who it is, for the history: the name of the token or key, or the e-mail address of the account. */
  name: string;
  /** Whose credentials came with a public key; null without them, and for all others. */
  device: CallingDevice | null;
}

/** A device that gave its credentials. */
export interface CallingDevice {
  appId: string;
  installationId: string;
  installationKey: string;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set on every route below `/api` that is not public. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** What its caller must be allowed to, where that is not what its tag and method say. */
    permission?: Permission;
    /** Needs neither token nor session. */
    isPublic?: boolean;
    /** May be called with a public key, from the pages that the key names; it asks {@link Caller.device} for whom. */
    allowsPublicKey?: boolean;
  }
}

interface TokenOwner {
  appKey: number;
  appId: string;
  tokenName: string;
}

interface KeyOwner {
  appKey: number;
  appId: string;
  keyName: string;
  origins: readonly string[];
}

/** How it is found out who calls. */
interface Accounts {
  findAppByToken: (secret: string, nowMs: number) => Promise<TokenOwner | null>;
  findAppByKey: (key: string, nowMs: number) => Promise<KeyOwner | null>;
  /** The device that has these credentials; null when they are wrong or were revoked. */
  findDevice: (credentials: { username: string; password: string }) => Promise<CallingDevice | null>;
  sessions: Sessions;
}

/** Only scripts of the panel can set it: a foreign page would need our permission (CORS), which nobody gets. */
const panelHeader = "x-chapar-panel";

export const isPublicKey = (secret: string): boolean => secret.startsWith("chpk_");

/** Requires an access token, a panel session or, where the route allows it, a public key on every route of this scope. */
export function requireCaller(http: FastifyInstance, accounts: Accounts): void {
  http.decorateRequest("caller");
  http.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.isPublic) return;
    const secret = tokenOf(request);
    if (secret === null) request.caller = await callerOfSession(request, accounts.sessions);
    else if (isPublicKey(secret)) request.caller = await callerOfKey(request, secret, accounts);
    else request.caller = await callerOfToken(secret, accounts);
  });
}

/** `?access_token=`, `X-Access-Token` or `Authorization: Bearer`, whichever is there. */
export function tokenOf(request: FastifyRequest): string | null {
  const { access_token: inQuery } = request.query as { access_token?: unknown };
  if (typeof inQuery === "string") return inQuery;
  const header = request.headers["x-access-token"];
  if (typeof header === "string") return header;
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "");
  return bearer?.[1] ?? null;
}

async function callerOfToken(secret: string, accounts: Accounts): Promise<Caller> {
  const app = await accounts.findAppByToken(secret, Date.now());
  if (!app) throw new Problem("unauthorized", "This access token is unknown or was revoked.");
  return { appKey: app.appKey, appId: app.appId, by: "token", name: app.tokenName, device: null };
}

async function callerOfKey(request: FastifyRequest, key: string, accounts: Accounts): Promise<Caller> {
  if (!request.routeOptions.config.allowsPublicKey)
    throw new Problem(
      "forbidden",
      "A public key only registers devices and speaks for each of them; this call takes an access token, from your own server.",
    );
  const app = await accounts.findAppByKey(key, Date.now());
  if (!app) throw new Problem("unauthorized", "This public key is unknown or was deleted.");
  const { appKey, appId, keyName } = app;
  // https://fetch.spec.whatwg.org/#origin-header; without one it is no page of another site.
  const { origin } = request.headers;
  if (origin !== undefined && !app.origins.includes("*") && !app.origins.includes(origin))
    throw new Problem(
      "forbidden",
      `Pages of ${origin} may not use the public key ${JSON.stringify(keyName)}; add this origin to it: panel, Settings, Apps and websites.`,
    );
  const credentials = credentialsOf(request);
  const device = credentials && (await accounts.findDevice(credentials));
  if (credentials && device?.appId !== appId)
    throw new Problem(
      "unauthorized",
      "These credentials of a device are wrong or were revoked; register it anew, without its id.",
    );
  return { appKey, appId, by: "key", name: keyName, device };
}

/** RFC 7617 §2, but for where it is cut: the id of an installation may have colons, and the password that we made has none. */
function credentialsOf(request: FastifyRequest): { username: string; password: string } | null {
  const basic = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.authorization ?? "");
  if (!basic?.[1]) return null;
  const pair = Buffer.from(basic[1], "base64").toString("utf8");
  const colon = pair.lastIndexOf(":");
  return { username: pair.slice(0, Math.max(colon, 0)), password: pair.slice(colon + 1) };
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
  return { appKey, appId: wanted, by: "session", name: session.account.email, device: null };
}
