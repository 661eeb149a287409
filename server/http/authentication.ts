import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Permission, permissionFor, permissions, type Role } from "../accounts/roles.ts";
import type { TokenOwner } from "../accounts/token-queries.ts";
import { Problem } from "../lib/problem.ts";
import type { Sessions } from "../signin/sessions.ts";

/** For whom a request speaks: the app whose token or key it carries, or the one the signed-in account chose. */
export interface Caller {
  appKey: number;
  appId: string;
  /** By `key`: everybody can read it, so it stands for no more than the device that proved itself beside it. */
  by: "token" | "session" | "key";
  /** Who it is, for the history: the name of the token or key, or the e-mail address of the account. */
  name: string;
  /** Whose session it is; null for tokens and keys, which have no role either. */
  accountId: string | null;
  role: Role | null;
  /** Whether it may do this; `*` is everything. Who may write somewhere may read there. */
  may(permission: Permission | "*"): boolean;
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
  http.addHook("onRoute", (route) => {
    if (route.config?.isPublic) return;
    const { tags } = (route.schema ?? {}) as { tags?: string[] };
    const permission = route.config?.permission ?? permissionFor(tags, String(route.method));
    // A route that nobody thought of must not be open to everybody.
    if (!permission)
      throw new Error(`${route.method} ${route.url} says neither a known tag nor a permission`);
    route.config = { ...route.config, permission };
  });
  http.addHook("onRequest", async (request) => {
    const { isPublic, permission } = request.routeOptions.config;
    if (isPublic || request.is404) return;
    const secret = tokenOf(request);
    if (secret === null) request.caller = await callerOfSession(request, accounts.sessions);
    else if (isPublicKey(secret)) request.caller = await callerOfKey(request, secret, accounts);
    else request.caller = await callerOfToken(secret, accounts);
    // What a public key may call is said by the route, and asked of the device.
    if (request.caller.by !== "key" && permission) requireMay(request.caller, permission);
  });
}

function requireMay(caller: Caller, permission: Permission): void {
  if (caller.may(permission)) return;
  throw new Problem(
    "forbidden",
    caller.by === "token"
      ? `This access token may not do this: its scopes lack ${permission}. Make one that has it: panel, Settings, Access tokens.`
      : `Your role in this app (${caller.role?.replace("_", " ")}) does not include ${permission}; an admin of the app can give you another.`,
  );
}

/** Who may write somewhere may read there too. */
const mayBy =
  (granted: readonly Permission[]) =>
  (wanted: Permission | "*"): boolean =>
    wanted === "*"
      ? permissions.every((permission) => granted.includes(permission))
      : granted.includes(wanted) ||
        (wanted.endsWith(":read") && (granted as string[]).includes(wanted.replace(":read", ":write")));

const mayAll = () => true;
const mayNothing = () => false;

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
  if (!app || (app.expiresAt && app.expiresAt.getTime() <= Date.now()))
    throw new Problem("unauthorized", "This access token is unknown, was revoked or has expired.");
  const { appKey, appId, tokenName: name, scopes } = app;
  const may = scopes ? mayBy(scopes) : mayAll;
  return { appKey, appId, by: "token", name, accountId: null, role: null, may, device: null };
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
  return { appKey, appId, by: "key", name: keyName, accountId: null, role: null, may: mayNothing, device };
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
  const found = await sessions.find(request.headers.cookie);
  if (!found) {
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
    typeof header === "string"
      ? header
      : typeof inQuery === "string"
        ? inQuery
        : found.session.apps[0]?.appId;
  const app = wanted === undefined ? undefined : found.apps.get(wanted);
  if (wanted === undefined || app === undefined)
    throw new Problem("forbidden", "This app is not yours to see.");
  const { appKey, role, permissions: granted } = app;
  const { name, accountId } = { name: found.session.account.email, accountId: found.accountId };
  return { appKey, appId: wanted, by: "session", name, accountId, role, may: mayBy(granted), device: null };
}
