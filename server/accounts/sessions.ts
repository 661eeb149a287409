import type pg from "pg";
import pgLibrary from "pg";
import type { Database } from "../db/database.ts";
import { Problem } from "../lib/problem.ts";
import { insertMember, listApps, listAppsOfAccount, redeemSignInCode, releaseSignInCode } from "./queries.ts";
import type { FirstSignIn, Session, SignIn } from "./schema.ts";
import { hashSecret } from "./tokens.ts";

/** An answer with the cookies that go with it. */
export interface SignedIn {
  session: Session;
  setCookies: string[];
}

/** Sign-in to the panel. better-auth keeps passwords and sessions; which apps an account may see is ours. */
export interface Sessions {
  signIn(credentials: SignIn, clientIp: string): Promise<SignedIn>;
  signInFirst(details: FirstSignIn, clientIp: string): Promise<SignedIn>;
  /** Makes an account with a password and lets it into every app. */
  createAccount(details: { name: string; email: string; password: string }): Promise<void>;
  find(cookie: string | undefined): Promise<(Session & { appKeys: Map<string, number> }) | null>;
  signOut(cookie: string | undefined): Promise<string[]>;
  /** Loads what signing in takes, so that the first who does need not wait for it. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

// Its handler wants absolute addresses; nothing ever connects to this one (RFC 2606 reserves .invalid).
const origin = "http://chapar.invalid";

export function createSessions(
  db: Database,
  options: { databaseUrl: string; secretKey: string; secureCookies: boolean },
): Sessions {
  // better-auth names its tables without a schema, so it gets connections that look into its own schema only.
  const pool: pg.Pool = new pgLibrary.Pool({
    connectionString: options.databaseUrl,
    max: 3,
    options: "-c search_path=auth",
    application_name: "chapar sign-in",
  });
  pool.on("error", () => {});
  // A second of work, and most who start a product do not sign in at once, or at all.
  const openAuth = once(async () =>
    (await import("better-auth")).betterAuth({
      database: pool,
      secret: options.secretKey,
      baseURL: origin,
      basePath: "/auth",
      emailAndPassword: { enabled: true, disableSignUp: true },
      rateLimit: { enabled: true, storage: "database" },
      advanced: {
        cookiePrefix: "chapar",
        useSecureCookies: options.secureCookies,
        ipAddress: { ipAddressHeaders: ["x-client-ip"] },
      },
      logger: { disabled: true },
      telemetry: { enabled: false },
    }),
  );

  const call = async (
    path: string,
    init: { method: string; body?: unknown; cookie?: string | undefined; clientIp?: string },
  ) =>
    (await openAuth()).handler(
      new Request(`${origin}/auth${path}`, {
        method: init.method,
        headers: {
          "content-type": "application/json",
          origin,
          ...(init.cookie ? { cookie: init.cookie } : {}),
          ...(init.clientIp ? { "x-client-ip": init.clientIp } : {}),
        },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      }),
    );

  const find: Sessions["find"] = async (cookie) => {
    if (!cookie) return null;
    const found = await (await openAuth()).api.getSession({ headers: new Headers({ cookie }) });
    if (!found) return null;
    const apps = await listAppsOfAccount(db, found.user.id);
    return {
      account: { name: found.user.name, email: found.user.email },
      apps: apps.map(({ appId, name, timeZone, role }) => ({ appId, name, timeZone, role })),
      appKeys: new Map(apps.map((app) => [app.appId, app.appKey])),
    };
  };

  const signIn: Sessions["signIn"] = async (credentials, clientIp) => {
    const answer = await call("/sign-in/email", { method: "POST", body: credentials, clientIp });
    if (answer.status === 429)
      throw new Problem("too_many_requests", "Too many attempts; wait ten seconds and try again.");
    if (!answer.ok) throw new Problem("unauthorized", "E-mail or password is wrong.");
    const setCookies = answer.headers.getSetCookie();
    const found = await find(setCookies.map((cookie) => cookie.split(";")[0]).join("; "));
    if (!found) throw new Problem("unauthorized", "E-mail or password is wrong.");
    return { session: { account: found.account, apps: found.apps }, setCookies };
  };

  const createAccount: Sessions["createAccount"] = async (details) => {
    const context = await (await openAuth()).$context;
    const user = await context.internalAdapter.createUser(
      { name: details.name, email: details.email.toLowerCase(), emailVerified: true },
      { method: "admin" },
    );
    await context.internalAdapter.linkAccount({
      userId: user.id,
      accountId: user.id,
      providerId: "credential",
      password: await context.password.hash(details.password),
    });
    for (const app of await listApps(db)) await insertMember(db, { appKey: app.appKey, accountId: user.id });
  };

  return {
    find,
    signIn,
    createAccount,
    async signInFirst(details, clientIp) {
      const codeHash = hashSecret(details.code);
      if (!(await redeemSignInCode(db, codeHash, new Date()))) {
        throw new Problem("sign_in_link_used", "This sign-in link was used already or has expired.");
      }
      try {
        await createAccount(details);
      } catch (error) {
        // The code must not be lost to a passing fault of the database.
        await releaseSignInCode(db, codeHash);
        throw error;
      }
      return signIn({ email: details.email, password: details.password }, clientIp);
    },
    async signOut(cookie) {
      const answer = await call("/sign-out", { method: "POST", body: {}, cookie });
      return answer.headers.getSetCookie();
    },
    async warmUp() {
      await openAuth();
    },
    close: () => pool.end(),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
