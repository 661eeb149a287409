import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AppIdPattern } from "./lib/app-id.ts";

/** A setting that cannot be used; `message` names the variable and the cure. */
export class ConfigError extends Error {}

const port = z.coerce.number().int().min(0).max(65535);
const blankAsMissing = (value: unknown) => (value === "" ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsMissing, schema.optional());

const Environment = z.object({
  PORT: optional(port),
  HOST: optional(z.string()),
  DATA_DIR: optional(z.string()),
  DATABASE_URL: optional(
    z.url({
      protocol: /^postgres(ql)?$/,
      hostname: /.*/,
      error: "expected postgres://user:password@host:port/database",
    }),
  ),
  DATABASE_DIRECT_URL: optional(
    z.url({
      protocol: /^postgres(ql)?$/,
      hostname: /.*/,
      error: "expected postgres://user:password@host:port/database",
    }),
  ),
  MQTT_PORT: optional(port),
  BOUNCE_PORT: optional(port),
  MQTT_URL: optional(z.url({ protocol: /^(mqtts?|wss?)$/, error: "expected mqtt://host:1883" })),
  MQTT_PUBLIC_URL: optional(
    z.url({
      protocol: /^mqtts?$/,
      error: "expected mqtts://mqtt.example.com:8883, where devices find the broker",
    }),
  ),
  MQTT_WEBSOCKET_URL: optional(
    z.url({
      protocol: /^wss?$/,
      error: "expected wss://mqtt.example.com/mqtt, where browsers find the broker",
    }),
  ),
  MQTT_ACCESS: optional(z.enum(["callbacks", "dynamic-security"])),
  MQTT_SHARED: optional(z.stringbool()),
  NEW_DEVICES_PER_MINUTE: optional(z.coerce.number().int().min(1)),
  MQTT_CONNECT_RATE: optional(z.coerce.number().int().min(1)),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: "expected https://chapar.example.com" })),
  TRUST_PROXY: optional(z.stringbool()),
  SECRET_KEY: optional(
    z.string().min(32, "expected at least 32 characters; make one with: openssl rand -hex 32"),
  ),
  APP_ID: optional(
    z.string().regex(AppIdPattern, "expected lower-case letters, digits and hyphens, at most 63"),
  ),
  ACCESS_TOKEN: optional(z.string().min(16, "expected at least 16 characters")),
  ADMIN_EMAIL: optional(z.email()),
  ADMIN_PASSWORD: optional(z.string().min(8, "expected at least 8 characters")),
  OIDC_ISSUER: optional(z.url({ protocol: /^https?$/, error: "expected https://login.example.com" })),
  OIDC_CLIENT_ID: optional(z.string()),
  OIDC_CLIENT_SECRET: optional(z.string()),
  OIDC_NAME: optional(z.string().max(40)),
  DNS_SERVERS: optional(
    z
      .string()
      .regex(/^[0-9a-f.:[\]]+(\s*,\s*[0-9a-f.:[\]]+)*$/i, "expected addresses, as 192.0.2.1,192.0.2.2"),
  ),
  EVENT_MONTHS: optional(z.coerce.number().int("expected a whole number of months").min(1)),
  ALLOW_PRIVATE_ADDRESSES: optional(z.stringbool()),
  MESSAGE_MONTHS: optional(
    z.coerce
      .number()
      .int("expected a whole number of months")
      .min(2, "expected at least 2 months: messages wait in inboxes for one"),
  ),
  LOG_LEVEL: optional(z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])),
});

/** What the environment says, checked and frozen. Whoever needs a setting gets this by argument. */
export interface Config {
  /** Wanted HTTP port; 0 means any. `portIsDefault` tells whether somebody asked for it. */
  readonly port: number;
  readonly portIsDefault: boolean;
  readonly host: string;
  /** Absolute. Null when nobody chose one: the embedded server then finds a place its user can reach. */
  readonly dataDir: string | null;
  readonly databaseUrl: string | null;
  readonly databaseDirectUrl: string | null;
  readonly mqttPort: number;
  readonly mqttPortIsDefault: boolean;
  /** An outside broker; null runs the embedded one. */
  readonly mqttUrl: string | null;
  /** Where devices find the outside broker, over TCP and WebSocket; null where it is `mqttUrl`. */
  readonly mqttPublicUrl: string | null;
  readonly mqttWebsocketUrl: string | null;
  /** How the outside broker knows devices: it asks us, or we tell Mosquitto's dynamic-security plug-in. */
  readonly mqttAccess: "callbacks" | "dynamic-security";
  /** Whether several api roles share what devices say, by shared subscriptions of the outside broker. */
  readonly mqttIsShared: boolean;
  /** New devices that one address may register with a public key. */
  readonly newDevicesPerMinute: number;
  /** Connections a second that the embedded broker takes from one address. */
  readonly mqttConnectRate: number;
  /** Where mails that come back are taken by SMTP; null for nowhere. */
  readonly bouncePort: number | null;
  readonly publicUrl: string | null;
  readonly trustProxy: boolean;
  readonly secretKey: string | null;
  readonly appId: string;
  readonly accessToken: string | null;
  readonly adminEmail: string | null;
  readonly adminPassword: string | null;
  /** The company's own sign-in to the panel; null without one. */
  readonly oidc: {
    readonly name: string;
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string;
  } | null;
  /** Asked for records of the DNS; null for those that the machine asks. */
  readonly dnsServers: readonly string[] | null;
  /** Months of events that are kept besides the present one; null keeps all. */
  readonly eventMonths: number | null;
  /** Accounts of providers may have addresses in private networks; else they could be used to look around in ours. */
  readonly allowsPrivateAddresses: boolean;
  /** Months of deliveries that are kept besides the present one; null keeps all. */
  readonly messageMonths: number | null;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** npm's own process stands between us and the shell: when it goes, so do we. */
  readonly isStartedByNpm: boolean;
  /** A supervisor forked this process: it obeys messages, and a Ctrl-C is not meant for it. */
  readonly isSupervised: boolean;
  /** Where the demo shop's own backend listens, which our /demo/backend stands in front of; null without a demo. */
  readonly demoBackendUrl: string | null;
  /** Whom the mail is for that a mail server pipes to us (Postfix: `ORIGINAL_RECIPIENT`; others: `RECIPIENT`). */
  readonly mailRecipient: string | null;
  readonly homeDir: string;
  /** `$XDG_DATA_HOME`, where a user's programs keep their data; null when unset. */
  readonly xdgDataHome: string | null;
}

/** Reads the environment once. Throws {@link ConfigError} naming the first variable that cannot be used and why. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0])} cannot be used: ${issue?.message}`);
  }
  const env = parsed.data;
  if (env.DATABASE_URL && !env.SECRET_KEY) {
    throw new ConfigError(
      "SECRET_KEY is required with DATABASE_URL: every process must share it. Make one with: openssl rand -hex 32",
    );
  }
  return Object.freeze({
    port: env.PORT ?? 8080,
    portIsDefault: env.PORT === undefined,
    host: env.HOST ?? "0.0.0.0",
    dataDir: env.DATA_DIR ? resolve(env.DATA_DIR) : null,
    databaseUrl: env.DATABASE_URL ?? null,
    databaseDirectUrl: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL ?? null,
    mqttPort: env.MQTT_PORT ?? 1883,
    mqttPortIsDefault: env.MQTT_PORT === undefined,
    mqttUrl: env.MQTT_URL ?? null,
    mqttPublicUrl: env.MQTT_PUBLIC_URL ?? null,
    mqttWebsocketUrl: env.MQTT_WEBSOCKET_URL ?? null,
    mqttAccess: env.MQTT_ACCESS ?? "callbacks",
    mqttIsShared: env.MQTT_SHARED ?? false,
    newDevicesPerMinute: env.NEW_DEVICES_PER_MINUTE ?? 300,
    mqttConnectRate: env.MQTT_CONNECT_RATE ?? 100,
    bouncePort: env.BOUNCE_PORT ?? null,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    trustProxy: env.TRUST_PROXY ?? false,
    secretKey: env.SECRET_KEY ?? null,
    appId: env.APP_ID ?? "default",
    accessToken: env.ACCESS_TOKEN ?? null,
    adminEmail: env.ADMIN_EMAIL ?? null,
    adminPassword: env.ADMIN_PASSWORD ?? null,
    oidc: readOidc(env),
    dnsServers: env.DNS_SERVERS?.split(/\s*,\s*/) ?? null,
    eventMonths: env.EVENT_MONTHS ?? null,
    allowsPrivateAddresses: env.ALLOW_PRIVATE_ADDRESSES ?? false,
    messageMonths: env.MESSAGE_MONTHS ?? null,
    logLevel: env.LOG_LEVEL ?? "info",
    isStartedByNpm: environment.npm_lifecycle_event === "start",
    isSupervised: environment.CHAPAR_SUPERVISED === "1",
    demoBackendUrl: environment.CHAPAR_DEMO_BACKEND || null,
    mailRecipient: environment.ORIGINAL_RECIPIENT || environment.RECIPIENT || null,
    homeDir: environment.HOME ?? homedir(),
    xdgDataHome: environment.XDG_DATA_HOME || null,
  });
}

/** All of it or nothing: a sign-in that is half set up would be noticed when somebody needs it. */
function readOidc(env: z.infer<typeof Environment>): Config["oidc"] {
  const {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: name,
  } = env;
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer || !clientId || !clientSecret)
    throw new ConfigError(
      "Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET together, or none of them.",
    );
  if (!env.PUBLIC_URL)
    throw new ConfigError(
      "OIDC_ISSUER needs PUBLIC_URL: the address that the provider sends browsers back to.",
    );
  return { name: name ?? new URL(issuer).hostname, issuer, clientId, clientSecret };
}

/** The environment for a role forked by the supervisor: our own, changed by `overrides`. */
export function roleEnvironment(overrides: Record<string, string>): NodeJS.ProcessEnv {
  // With an arena a thread, as glibc has them, memory that an import has freed stays with the process.
  return { MALLOC_ARENA_MAX: "2", ...process.env, ...overrides, CHAPAR_SUPERVISED: "1" };
}

/** The folder that holds package.json: one above `server/` in a clone, one above `dist/` when built. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
