import { listAppsOfAccount } from "../accounts/apps.ts";
import { type Permission, type Role, rolePermissions } from "../accounts/roles.ts";
import type { Database } from "../db/database.ts";
import { Problem } from "../lib/problem.ts";
import { recordOfAccount } from "../team/history.ts";
import { type Auth, oidcProvider } from "./auth.ts";
import { countFailure, forgetFailures, requireUnlocked } from "./lock-out.ts";
import { findPasswordHash } from "./queries.ts";
import type { Session, SignIn, SignInCode } from "./schema.ts";

/** An answer with the cookies that go with it. */
export interface SignedIn {
  session: Session;
  setCookies: string[];
}

/** The browser that calls. */
export interface Visitor {
  ip: string;
  cookie: string | undefined;
  userAgent: string | undefined;
}

/** Who is signed in, and what the routes need to know of it. */
export interface FoundSession {
  session: Session;
  accountId: string;
  sessionId: string;
  apps: Map<string, { appKey: number; role: Role; permissions: readonly Permission[] }>;
}

/** Sessions of the panel. better-auth keeps them and the passwords; which apps an account may see is ours. */
export interface Sessions {
  /** `needsCode`: the password was right, and the cookies are for the second step. */
  signIn(credentials: SignIn, from: Visitor): Promise<SignedIn | { needsCode: true; setCookies: string[] }>;
  /** The second step, with the cookies of the first. */
  signInByCode(code: SignInCode, from: Visitor): Promise<SignedIn>;
  find(cookie: string | undefined): Promise<FoundSession | null>;
  signOut(cookie: string | undefined): Promise<string[]>;
  /** Where the browser goes to sign in with the company's provider; back to the panel when that cannot be reached. */
  startCompany(from: Visitor): Promise<{ url: string; setCookies: string[] }>;
  /** What came back from there; `url` is the panel, with what went wrong in its query. */
  endCompany(query: string, from: Visitor): Promise<{ url: string; setCookies: string[] }>;
  /** Loads what signing in takes, so that the first who does need not wait for it. */
  warmUp(): Promise<void>;
}

export function createSessions(db: Database, auth: Auth): Sessions {
  const find: Sessions["find"] = async (cookie) => {
    if (!cookie) return null;
    const found = await (await auth.open()).api.getSession({ headers: new Headers({ cookie }) });
    if (!found) return null;
    const [apps, password] = await Promise.all([
      listAppsOfAccount(db, found.user.id),
      findPasswordHash(db, found.user.id),
    ]);
    return {
      session: {
        account: {
          name: found.user.name,
          email: found.user.email,
          hasPassword: password !== null,
          hasSecondFactor: found.user.twoFactorEnabled === true,
        },
        apps: apps.map(({ appId, name, timeZone, role }) => ({
          ...{ appId, name, timeZone, role },
          permissions: [...rolePermissions[role]],
        })),
      },
      accountId: found.user.id,
      sessionId: found.session.id,
      apps: new Map(
        apps.map(({ appId, appKey, role }) => [appId, { appKey, role, permissions: rolePermissions[role] }]),
      ),
    };
  };

  /** The session that these cookies are of, in the answer of a sign-in. */
  const welcome = async (setCookies: string[]): Promise<SignedIn | null> => {
    const found = await find(setCookies.map((cookie) => cookie.split(";")[0]).join("; "));
    return found && { session: found.session, setCookies };
  };

  return {
    find,

    async signIn({ email, password }, from) {
      const now = new Date();
      await requireUnlocked(db, email, now);
      const answer = await auth.call("/sign-in/email", {
        ...{ ...from, method: "POST", body: { email, password }, cookie: trustOf(from.cookie) },
      });
      if (answer.status === 429)
        throw new Problem("too_many_requests", "Too many attempts; wait ten seconds and try again.");
      if (!answer.ok) {
        if (await countFailure(db, email, now))
          await recordOfAccount(db, { email, actor: email, action: "account.locked", now });
        throw new Problem("unauthorized", "E-mail or password is wrong.");
      }
      await forgetFailures(db, email);
      const setCookies = answer.headers.getSetCookie();
      const body = (await answer.json()) as { twoFactorRedirect?: boolean };
      if (body.twoFactorRedirect) return { needsCode: true, setCookies };
      const signedIn = await welcome(setCookies);
      if (!signedIn) throw new Problem("unauthorized", "E-mail or password is wrong.");
      return signedIn;
    },

    async signInByCode({ code, trustsDevice }, from) {
      const isOfApp = /^\d{6}$/.test(code);
      const answer = await auth.call(isOfApp ? "/two-factor/verify-totp" : "/two-factor/verify-backup-code", {
        ...{ ...from, method: "POST" },
        body: { code, trustDevice: trustsDevice },
      });
      if (!answer.ok) throw await codeProblem(answer);
      const signedIn = await welcome(answer.headers.getSetCookie());
      if (!signedIn) throw new Problem("unauthorized", "Sign in anew.");
      return signedIn;
    },

    async signOut(cookie) {
      const answer = await auth.call("/sign-out", { method: "POST", body: {}, cookie });
      return answer.headers.getSetCookie();
    },

    async startCompany(from) {
      const answer = await auth.call("/sign-in/social", {
        ...{ ...from, cookie: undefined, method: "POST" },
        body: {
          provider: oidcProvider,
          callbackURL: "/",
          errorCallbackURL: "/signin",
          disableRedirect: true,
        },
      });
      const { url } = answer.ok ? ((await answer.json()) as { url?: string }) : {};
      return { url: url ?? "/signin?fault=unreachable", setCookies: answer.headers.getSetCookie() };
    },

    async endCompany(query, from) {
      const answer = await auth.call(`/callback/${oidcProvider}?${query}`, { ...from, method: "GET" });
      const location = answer.headers.get("location");
      const fault = location ? new URL(location, "http://panel.invalid").searchParams.get("error") : "failed";
      return {
        url: fault === null ? "/" : `/signin?fault=${encodeURIComponent(fault)}`,
        setCookies: answer.headers.getSetCookie(),
      };
    },

    async warmUp() {
      await auth.open();
    },
  };
}

/** Of the cookies of a browser only the one that says that this device was trusted: signing in starts from nothing. */
const trustOf = (cookie: string | undefined): string | undefined =>
  cookie
    ?.split(/;\s*/)
    .filter((one) => one.includes("trust_device"))
    .join("; ") || undefined;

/** Why a code was not taken. */
export async function codeProblem(answer: Response): Promise<Problem> {
  const { code } = (await answer.json().catch(() => ({}))) as { code?: string };
  if (answer.status === 429)
    return new Problem("too_many_requests", "Too many wrong codes; wait a while before the next one.");
  if (code === "INVALID_TWO_FACTOR_COOKIE" || code === "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
    return new Problem(
      "unauthorized",
      "This took too long or too many tries; begin with your password again.",
    );
  return new Problem("validation", "The code is wrong.", [
    { pointer: "/code", detail: "is wrong or was used already; take the one that the app shows now" },
  ]);
}
