import type pg from "pg";
import pgLibrary from "pg";

/** Sign-in by the company's own provider. */
export interface Oidc {
  /** What the button says. */
  name: string;
  /** Whose `/.well-known/openid-configuration` describes it (OpenID Connect Discovery 1.0 §4). */
  issuer: string;
  clientId: string;
  clientSecret: string;
}

export interface AuthOptions {
  databaseUrl: string;
  secretKey: string;
  secureCookies: boolean;
  /** Where the panel is; needed for OpenID Connect, whose provider sends the browser back there. */
  publicUrl: string | null;
  oidc: Oidc | null;
}

/** What better-auth is asked: a call of one of its addresses, as the browser with these cookies. */
export interface AuthCall {
  method: "GET" | "POST";
  body?: unknown;
  cookie?: string | undefined;
  ip?: string;
  userAgent?: string | undefined;
}

// Its handler wants absolute addresses; nothing ever connects to this one (RFC 2606 reserves .invalid).
const nowhere = "http://chapar.invalid";

/** Of the one provider there can be. */
export const oidcProvider = "company";

const oidcCallback = "/api/session/company/callback";

export type Auth = ReturnType<typeof createAuth>;

/** better-auth, which keeps passwords, sessions and second factors; loaded when it is first asked. */
export function createAuth(options: AuthOptions) {
  const origin = options.oidc && options.publicUrl ? new URL(options.publicUrl).origin : nowhere;
  // better-auth names its tables without a schema, so it gets connections that look into its own schema only.
  const pool: pg.Pool = new pgLibrary.Pool({
    connectionString: options.databaseUrl,
    max: 3,
    options: "-c search_path=auth",
    application_name: "chapar sign-in",
  });
  pool.on("error", () => {});
  // A second of work, and most who start a product do not sign in at once, or at all.
  const open = once(async () => {
    const [{ betterAuth }, { genericOAuth, twoFactor }] = await Promise.all([
      import("better-auth"),
      import("better-auth/plugins"),
    ]);
    return betterAuth({
      appName: "Chapar",
      database: pool,
      secret: options.secretKey,
      baseURL: origin,
      basePath: "/auth",
      emailAndPassword: { enabled: true, disableSignUp: true },
      account: { accountLinking: { enabled: true, trustedProviders: [oidcProvider] } },
      // By address. Who guesses one password from many is stopped by the lock of the account.
      rateLimit: {
        ...{ enabled: true, storage: "database" },
        customRules: { "/sign-in/email": { window: 10, max: 6 }, "/two-factor/*": { window: 10, max: 6 } },
      },
      plugins: [
        twoFactor({ allowPasswordless: true }),
        ...(options.oidc ? [genericOAuth({ config: [oidcConfig(options.oidc, options.publicUrl)] })] : []),
      ],
      advanced: {
        cookiePrefix: "chapar",
        useSecureCookies: options.secureCookies,
        ipAddress: { ipAddressHeaders: ["x-client-ip"] },
      },
      logger: { disabled: true },
      telemetry: { enabled: false },
    });
  });

  return {
    open,
    async call(path: string, { method, body, cookie, ip, userAgent }: AuthCall): Promise<Response> {
      return (await open()).handler(
        new Request(`${origin}/auth${path}`, {
          method,
          headers: {
            "content-type": "application/json",
            origin,
            ...(cookie ? { cookie } : {}),
            ...(ip ? { "x-client-ip": ip } : {}),
            ...(userAgent ? { "user-agent": userAgent } : {}),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    },
    close: () => pool.end(),
  };
}

const oidcConfig = (oidc: Oidc, publicUrl: string | null) => ({
  providerId: oidcProvider,
  name: oidc.name,
  discoveryUrl: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
  clientId: oidc.clientId,
  clientSecret: oidc.clientSecret,
  scopes: ["openid", "email", "profile"],
  redirectURI: `${publicUrl?.replace(/\/$/, "")}${oidcCallback}`,
  // An address that the provider has not checked may be somebody else's.
  mapProfileToUser: async (profile: Record<string, unknown>) => {
    const { APIError } = await import("better-auth/api");
    if (profile.email_verified === false) throw new APIError("FORBIDDEN", { code: "email_not_verified" });
    return {};
  },
  // Who comes in is decided by invitations alone.
  disableSignUp: true,
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
