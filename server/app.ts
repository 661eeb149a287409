import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import sql, { join as joinSql } from "sql-template-tag";
import { absorbGuests } from "./absorb.ts";
import { appRoutes } from "./accounts/app-routes.ts";
import { auditRoutes } from "./accounts/audit-routes.ts";
import { publicKeyRoutes } from "./accounts/public-key-routes.ts";
import { createPublicKeyReader } from "./accounts/public-keys.ts";
import { settingsRoutes } from "./accounts/settings-routes.ts";
import { tokenRoutes } from "./accounts/token-routes.ts";
import { createAppReader, createReader, createTokenReader, listAppIds } from "./accounts/tokens.ts";
import { type Bounces, createBounces } from "./bounces/bounces.ts";
import { startBounceListener } from "./bounces/listener.ts";
import { bounceRoutes } from "./bounces/routes.ts";
import { campaignRoutes } from "./campaigns/routes.ts";
import { savedTemplateRoutes } from "./campaigns/templates/routes.ts";
import { hasTrack } from "./campaigns/tracks.ts";
import { builtInProviders } from "./channels/registry.ts";
import type { CredentialsFor } from "./client/clients.ts";
import { inboxRoutes } from "./client/inbox-routes.ts";
import { profileRoutes as clientProfileRoutes } from "./client/profile-routes.ts";
import { clientRoutes } from "./client/routes.ts";
import { subscriptionRoutes } from "./client/topic-routes.ts";
import { type Config, packageRoot } from "./config.ts";
import { dashboardRoutes } from "./dashboard/routes.ts";
import { type Database, openDatabase } from "./db/database.ts";
import { holdLock } from "./db/lock.ts";
import { influenceOn } from "./deliveries/influence.ts";
import type { MembersOf } from "./events/analysis.ts";
import { eventRoutes } from "./events/routes.ts";
import { trackRoutes } from "./events/track-routes.ts";
import { fileRoutes, servedFileRoutes } from "./files/routes.ts";
import { heed } from "./heed.ts";
import { type CallingDevice, requireCaller } from "./http/authentication.ts";
import { type Changes, createChanges } from "./http/changes.ts";
import { allowPages } from "./http/cors.ts";
import { serveDemo } from "./http/demo.ts";
import { listenOrAny } from "./http/listen.ts";
import { operationRoutes } from "./http/operations.ts";
import { servePanel } from "./http/panel.ts";
import { serveSdk } from "./http/sdk.ts";
import { createHttp, type Http } from "./http/server.ts";
import { importRoutes } from "./imports/routes.ts";
import { usersOfImport } from "./imports/users-of.ts";
import { findCredentials } from "./installations/installations.ts";
import { peopleRoutes } from "./installations/people-routes.ts";
import { topicRoutes } from "./installations/topic-routes.ts";
import { uninstallRoutes } from "./installations/uninstall-routes.ts";
import { userRoutes } from "./installations/user-routes.ts";
import { readBacklog } from "./jobs/queries.ts";
import { installationKey } from "./lib/keys.ts";
import { StartError } from "./lib/start-error.ts";
import { createLinks } from "./links/links.ts";
import { createLinkTokens } from "./links/tokens.ts";
import { createLogger } from "./logger.ts";
import { openInboxes } from "./messages/inbox.ts";
import { findActions } from "./messages/of-reader.ts";
import { pushRoutes } from "./messages/push-routes.ts";
import { messageRoutes } from "./messages/routes.ts";
import { variablesFrom, vocabularyOf } from "./messages/variables-for.ts";
import { keepWanted } from "./outbox/wanted.ts";
import { profileRoutes } from "./profiles/routes.ts";
import { promoRoutes } from "./promo/routes.ts";
import { isChannelReady } from "./providers/accounts.ts";
import { providerRoutes } from "./providers/routes.ts";
import { templatesToSend } from "./providers/templates.ts";
import { readSubject } from "./realtime/access.ts";
import { deviceCredentials, isBrokerPassword } from "./realtime/credentials.ts";
import { type Realtime, startRealtime } from "./realtime/realtime.ts";
import { realtimeRoutes } from "./realtime/routes.ts";
import { readDeviceUsername } from "./realtime/topics.ts";
import { receiptRoutes } from "./receipts/routes.ts";
import { responseRoutes } from "./responses/routes.ts";
import { sampleRoutes } from "./sample/routes.ts";
import { segmentRoutes } from "./segments/routes.ts";
import { usersOfSegment } from "./segments/segments.ts";
import { type Auth, createAuth } from "./signin/auth.ts";
import { sessionRoutes } from "./signin/routes.ts";
import { createSessions, type Sessions } from "./signin/sessions.ts";
import { statisticsRoutes } from "./statistics/routes.ts";
import { teamRoutes } from "./team/routes.ts";
import { previewPageRoutes, templateRoutes } from "./templates/routes.ts";
import { suppressionRoutes } from "./users/suppression-routes.ts";
import type { UsersOf } from "./users/users.ts";
import { usesOf } from "./uses-of.ts";
import { webhookRoutes } from "./webhooks/routes.ts";

/** Config of a role: where the database is has been found out by then. */
export type RoleConfig = Config & { databaseUrl: string; secretKey: string };

/** A role that runs. */
export interface Running {
  url: string;
  port: number;
  /** Of the embedded broker; null with an outside one. */
  mqttPort: number | null;
  mqttUrl: string;
  /** Where mails that come back are taken; null for nowhere. */
  bouncePort?: number | null;
  /** What the operator should know, such as a port that was taken. */
  notes: string[];
  /** Loads what is needed sooner or later, once there is time for it. */
  warmUp?(): Promise<void>;
  stop(): Promise<void>;
}

const version: string = (
  JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string }
).version;

/** The api role: REST, panel, and the realtime inbox. */
export async function startApi(config: RoleConfig): Promise<Running> {
  const logger = createLogger(config, "api");
  // First of all: who is refused here has opened nothing that would have to be closed.
  const broker = config.mqttUrl ? null : await claimBroker(config);
  const db = openDatabase(config.databaseUrl, {
    connections: 16,
    name: "chapar api",
    onError: (error) => logger.warn({ err: error }, "a database connection broke"),
  });
  const wanted = keepWanted(db, (error) => logger.warn({ err: error }, "webhooks were not looked up"));
  const notes: string[] = [];
  const findAppKey = createAppReader(db);
  const realtime = await startRealtime({
    ...{ db, secretKey: config.secretKey, findAppKey, openInboxes, findActions, logger },
    listAppIds: () => listAppIds(db),
    outside: config.mqttUrl
      ? {
          url: config.mqttUrl,
          isShared: config.mqttIsShared,
          isManaged: config.mqttAccess === "dynamic-security",
        }
      : null,
    connectRate: config.mqttConnectRate,
    addressOf: (request) =>
      (config.trustProxy ? forwardedFor(request) : null) ?? request.socket.remoteAddress ?? "",
    listen: async (server) => {
      const port = await listenOrAny(server, { port: config.mqttPort, host: config.host });
      if (port !== config.mqttPort && config.mqttPort !== 0)
        notes.push(`MQTT port ${config.mqttPort} is taken, using ${port}.`);
      return port;
    },
  });
  const { databaseUrl, secretKey, publicUrl, oidc } = config;
  const secureCookies = publicUrl?.startsWith("https:") ?? false;
  const auth = createAuth({ databaseUrl, secretKey, secureCookies, publicUrl, oidc });
  const sessions = createSessions(db, auth);
  const changes = createChanges(db);
  const tokens = createLinkTokens(config.secretKey);
  const bounces = createBounces({ db, tokens, heed, log: logger });
  const http = await buildHttp({
    config,
    db,
    logger,
    auth,
    sessions,
    changes,
    realtime,
    findAppKey,
    bounces,
  });
  await http.ready();
  http.server.on("upgrade", (request, socket, head) => {
    if (request.url?.split("?")[0] === "/mqtt") realtime.upgrade(request, socket, head);
    else socket.destroy();
  });
  const port = await listenOrAny(http.server, { port: config.port, host: config.host });
  if (port !== config.port && config.port !== 0) notes.push(`Port ${config.port} is taken, using ${port}.`);
  const bounceListener = await listenForBounces(config, bounces, logger);
  logger.info({ port, mqttPort: realtime.port }, "the api role runs");

  return {
    url: config.publicUrl ?? `http://localhost:${port}`,
    ...{ port, mqttPort: realtime.port, mqttUrl: realtime.url, notes },
    bouncePort: bounceListener?.port ?? null,
    warmUp: () => sessions.warmUp(),
    async stop() {
      changes.stop();
      wanted.stop();
      await bounceListener?.stop();
      // Together: the server closes when its last connection has, and those of devices are the broker's to end.
      await Promise.all([http.close(), realtime.stop()]);
      await auth.close();
      await broker?.release();
      await db.close();
      logger.info("the api role stopped");
    },
  };
}

/** Whom the nearest proxy says it speaks for: what stands before that, anybody may have written. */
const forwardedFor = ({ headers }: IncomingMessage): string | null =>
  String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .at(-1)
    ?.trim() || null;

// Any number, the same in every process.
const brokerLock = 6_023_118;

/** The embedded broker knows only its own devices, so there can be one of it. */
async function claimBroker(config: RoleConfig): Promise<{ release(): Promise<void> }> {
  const lock = await holdLock(config.databaseDirectUrl ?? config.databaseUrl, brokerLock, 5_000);
  if (lock) return lock;
  throw new StartError(
    "Another api role runs on this database with its embedded MQTT broker. For several, set MQTT_URL to a broker they share.",
  );
}

/** Takes mails that come back, where a port is set for them. */
const listenForBounces = async (
  { bouncePort: port, host, publicUrl }: RoleConfig,
  bounces: Bounces,
  log: Logger,
) =>
  port === null
    ? null
    : startBounceListener({
        bounces,
        port,
        host,
        name: publicUrl ? new URL(publicUrl).hostname : hostname(),
        log,
      });

/** The HTTP side with every route; nothing of it touches the database before the first request. */
export async function buildHttp(parts: {
  config: RoleConfig;
  db: Database;
  logger: Logger;
  auth: Auth;
  sessions: Sessions;
  changes: Changes;
  realtime: Pick<Realtime, "port" | "isConnected" | "access" | "admit" | "publishEvent">;
  findAppKey: (appId: string) => Promise<number | null>;
  bounces: Bounces;
}): Promise<Http> {
  const { config, db, logger, sessions, changes, realtime } = parts;
  const http = await createHttp({ logger, version, trustProxy: config.trustProxy });
  // Where readers of messages reach us. The port may be another one than was wished for.
  const publicUrl = () => config.publicUrl ?? `http://localhost:${portOf(http) ?? config.port}`;
  const links = createLinks({ secretKey: config.secretKey, publicUrl });
  await http.register(
    async (api: Http) => {
      await allowPages(api);
      requireCaller(api, {
        ...{ findAppByToken: createTokenReader(db), findAppByKey: createPublicKeyReader(db), sessions },
        findDevice: deviceFinder(db, config.secretKey, parts.findAppKey),
      });
      await api.register(changes.routes);
      await api.register(importRoutes, { db, isChannelReady });
      await api.register(userRoutes, { db, usersOf: usersOf(db) });
      await api.register(clientRoutes, {
        ...{ db, secretKey: config.secretKey, absorb: absorbGuests },
        newDevicesPerMinute: config.newDevicesPerMinute,
        credentialsFor: credentialsFor(db, config, { realtime, publicUrl }),
      });
      await api.register(clientProfileRoutes, {
        ...{ db, influenceOn, keptMonths: config.eventMonths, absorb: absorbGuests },
      });
      await api.register(inboxRoutes, { db });
      await api.register(subscriptionRoutes, { db });
      await api.register(peopleRoutes, { db });
      await api.register(uninstallRoutes, { db });
      await api.register(topicRoutes, { db });
      await api.register(suppressionRoutes, { db });
      await api.register(eventRoutes, { db, membersOf: membersOf(db) });
      await api.register(trackRoutes, { db, influenceOn, keptMonths: config.eventMonths });
      await api.register(segmentRoutes, { db, usesOf });
      await api.register(templateRoutes, {
        ...{ db, publicUrl, variablesFor: variablesFrom(db) },
        vocabularyOf: (appKey) => vocabularyOf(db, appKey),
      });
      await api.register(realtimeRoutes, { ...realtime, readUsername: readSubject });
      await api.register(promoRoutes, { db, hasTrack: (appKey, trackId) => hasTrack(db, appKey, trackId) });
      await api.register(fileRoutes, { db });
      await api.register(pushRoutes, { db });
      await api.register(profileRoutes, { db });
      const providers = builtInProviders();
      const outside = {
        allowsPrivate: config.allowsPrivateAddresses,
        get publicUrl() {
          return reachedAt(config, portOf(http));
        },
      };
      const { dnsServers } = config;
      const accounts = { db, providers, secretKey: config.secretKey, outside, dnsServers };
      await api.register(providerRoutes, { accounts, publicUrl: config.publicUrl });
      await api.register(messageRoutes, { db, accounts, links });
      await api.register(statisticsRoutes, { db });
      await api.register(dashboardRoutes, { db, isBrokerConnected: () => realtime.isConnected() });
      await api.register(receiptRoutes, {
        db,
        secretKey: config.secretKey,
        providers,
        heed,
        publicUrl,
      });
      await api.register(bounceRoutes, { bounces: parts.bounces });
      await api.register(sampleRoutes, { db, secretKey: config.secretKey, publicUrl });
      await api.register(auditRoutes, { db });
      await api.register(teamRoutes, { db, publicUrl });
      await api.register(tokenRoutes, { db });
      await api.register(appRoutes, { db });
      await api.register(webhookRoutes, { db, secretKey: config.secretKey, outside });
      const { eventMonths, messageMonths } = config;
      await api.register(settingsRoutes, { db, operator: { eventMonths, messageMonths } });
      await api.register(publicKeyRoutes, { db, secretKey: config.secretKey });
      await api.register(campaignRoutes, {
        ...{ db, publicUrl },
        templatesToSend: (appKey) => templatesToSend(accounts, appKey),
      });
      await api.register(savedTemplateRoutes, { db, publicUrl });
      await api.register(sessionRoutes, { db, sessions, auth: parts.auth, oidc: config.oidc });
    },
    { prefix: "/api" },
  );
  await http.register(responseRoutes, { db, tokens: links.tokens });
  await http.register(servedFileRoutes, { db });
  await http.register(previewPageRoutes, { db });
  await http.register(operationRoutes, {
    isReady: async () => {
      const reached = await readBacklog(db).then(
        () => true,
        () => false,
      );
      return [...(reached ? [] : ["database"]), ...(realtime.isConnected() ? [] : ["broker"])];
    },
    readGauges: () => readBacklog(db),
  });
  const built = join(packageRoot(), "dist");
  await serveSdk(http, join(built, "sdk"));
  if (config.demoBackendUrl) await serveDemo(http, join(built, "demo"), config.demoBackendUrl);
  await servePanel(http, join(built, "panel"));
  return http;
}

/** Where services reach us: at the public address, or on this machine where they may be on it too. */
export const reachedAt = (
  { publicUrl, allowsPrivateAddresses }: Pick<Config, "publicUrl" | "allowsPrivateAddresses">,
  port: number | null,
): string | null => publicUrl ?? (allowsPrivateAddresses && port ? `http://localhost:${port}` : null);

const portOf = (http: Http): number | null => {
  const address = http.server.address();
  return typeof address === "object" ? (address?.port ?? null) : null;
};

/** Users know neither segments nor imports: what narrows a list of them is put together here. */
const usersOf =
  (db: Database): UsersOf =>
  async (appKey, { segment, import: importId }) =>
    joinSql(
      [
        sql`true`,
        ...(segment === undefined
          ? []
          : [await usersOfSegment(db, appKey, { segment, pointer: "?segment" })]),
        ...(importId === undefined
          ? []
          : [await usersOfImport(db, appKey, { importId, pointer: "?import" })]),
      ],
      " and ",
    );

/** Events know no segments either. */
const membersOf =
  (db: Database): MembersOf =>
  async (appKey, segment) =>
    sql`
    select u.user_key
    from users u
    where u.app_key = ${appKey} and ${await usersOfSegment(db, appKey, { segment, pointer: "?segment" })}`;

/** What devices are told: the outside broker without our password, or the embedded one at the public host name. */
function credentialsFor(
  db: Database,
  config: RoleConfig,
  { realtime, publicUrl }: { realtime: Pick<Realtime, "port" | "admit">; publicUrl: () => string },
): CredentialsFor {
  return async (app, installationId) => {
    const version = (await findCredentials(db, app, installationId)) ?? 0;
    const { appId } = app;
    const device = deviceCredentials(config.secretKey, { appId, installationId }, version);
    await realtime.admit({ appId, installationId }, device);
    if (config.mqttUrl) {
      const { protocol, host } = new URL(config.mqttUrl);
      const url = `${protocol}//${host}`;
      const websocketUrl = config.mqttWebsocketUrl ?? (/^wss?:$/.test(protocol) ? url : null);
      return { url: config.mqttPublicUrl ?? url, websocketUrl, ...device };
    }
    const websocketUrl = `${publicUrl().replace(/^http/, "ws")}/mqtt`;
    return { url: `mqtt://${new URL(publicUrl()).hostname}:${realtime.port}`, websocketUrl, ...device };
  };
}

/** Whose credentials these are: the very ones that open the broker. Proofs are remembered for a moment. */
function deviceFinder(
  db: Database,
  secretKey: string,
  findAppKey: (appId: string) => Promise<number | null>,
) {
  const read = createReader(async (pair): Promise<CallingDevice | null> => {
    const [username, password] = JSON.parse(pair) as [string, string];
    const device = readDeviceUsername(username);
    const appKey = device && (await findAppKey(device.appId));
    if (!device || appKey === null) return null;
    const { appId, installationId } = device;
    // One that is not there has the first version: it may say who it is, and is told that it is not known.
    const version = (await findCredentials(db, { appKey, appId }, installationId)) ?? 0;
    if (!isBrokerPassword(secretKey, username, version, password)) return null;
    return { appId, installationId, installationKey: installationKey(appId, installationId) };
  });
  return ({ username, password }: { username: string; password: string }) =>
    read(JSON.stringify([username, password]), Date.now());
}
