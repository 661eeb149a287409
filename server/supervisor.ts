import { join } from "node:path";
import { type Config, roleEnvironment } from "./config.ts";
import { checkDatabase } from "./db/check.ts";
import { type Database, withDatabase } from "./db/database.ts";
import { startEmbedded } from "./db/embedded.ts";
import { chooseDataDir, type PlaceWish } from "./db/embedded-place.ts";
import { ourselves, type ServerUser } from "./db/embedded-user.ts";
import { StartError } from "./lib/start-error.ts";
import { announceFirstRun, announceStart } from "./supervisor/announce.ts";
import { type Child, superviseRole } from "./supervisor/child.ts";
import { type Ending, type Endings, listenForEndings } from "./supervisor/endings.ts";
import type { Ready } from "./supervisor/messages.ts";
import {
  type FirstRun,
  firstRunFile,
  readFirstRun,
  removeRunning,
  writeFirstRun,
  writeRunning,
} from "./supervisor/notes.ts";
import { placeWish } from "./supervisor/place.ts";

/** What a first start made; nulls when that was done before. */
export interface Prepared {
  readonly appId: string;
  readonly newAccessToken: string | null;
  readonly signInCode: string | null;
}

/** A configuration whose database is known. */
type ReadyConfig = Config & { readonly databaseUrl: string; readonly secretKey: string };

interface Options {
  readonly config: Config;
  /** Module to fork for a role. */
  readonly entry: string;
  migrate(db: Database): Promise<void>;
  /** Frees what workers of an earlier start held, when there can be no others. */
  freeAll(db: Database): Promise<void>;
  /** Makes the first app, token and sign-in. */
  prepare(db: Database, config: ReadyConfig): Promise<Prepared>;
  /** Runs once everything is up; null when there is nothing to do. */
  readonly afterStart: ((url: string, accessToken: string) => Promise<void>) | null;
  print(line: string): void;
}

/** The database that everything runs on, ours or an outside one. */
interface Store {
  readonly url: string;
  readonly secretKey: string;
  /** Logs, notes and first-run file; null when no folder can be written (then all goes to stdout). */
  readonly dataDir: string | null;
  readonly owner: ServerUser;
}

type Undo = (() => Promise<void>)[];

/**
 * `chapar start`: the database, one api and one worker process, until somebody stops us or a part is killed. Stops in
 * the opposite order. Resolves with the exit code; throws {@link StartError} when it cannot start.
 */
export async function supervise(options: Options): Promise<number> {
  const endings = listenForEndings(options.config.isStartedByNpm);
  const undo: Undo = [];
  const starting = startAll(options, endings, undo);
  try {
    const ending = await Promise.race([endings.first, starting.then(() => endings.first)]);
    if (ending.line) options.print(`${ending.line}: stopping everything.`);
    else options.print("Stopping …");
    return ending.code;
  } finally {
    endings.end({ code: 1, line: null }); // a start under way goes no further
    await unwind(undo);
    await starting.catch(() => {}); // its failure was thrown above, or is due to the stop
    await unwind(undo);
    endings.close();
  }
}

async function unwind(undo: Undo): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
}

async function startAll(options: Options, endings: Endings, undo: Undo): Promise<void> {
  const store = await openStore(options, endings, undo);
  goOn(endings);
  const config: ReadyConfig = Object.freeze({
    ...options.config,
    databaseUrl: store.url,
    databaseDirectUrl: options.config.databaseDirectUrl ?? store.url,
    secretKey: store.secretKey,
    dataDir: store.dataDir,
  });
  const directUrl = options.config.databaseDirectUrl ?? store.url;
  await withDatabase(directUrl, (db) => options.migrate(db));
  // The embedded database is only ours: whoever worked on it is no more.
  if (!options.config.databaseUrl) await withDatabase(directUrl, (db) => options.freeAll(db));
  goOn(endings);
  const ready = await startRoles(options, store, endings, undo);
  goOn(endings);
  // Only now: a token is known for a moment and never again, so nothing may fail between making and keeping it.
  const prepared = await withDatabase(directUrl, (db) => options.prepare(db, config));
  if (store.dataDir) {
    const { dataDir } = store;
    writeRunning(dataDir, ready.url);
    undo.push(async () => removeRunning(dataDir));
  }
  const firstRun = announce(options, store, prepared, ready);
  const token = firstRun?.accessToken ?? options.config.accessToken;
  if (options.afterStart && token) await options.afterStart(ready.url, token);
}

function goOn(endings: Endings): void {
  if (endings.isEnding) throw new StartError("Stopped before it was ready.");
}

async function openStore(options: Options, endings: Endings, undo: Undo): Promise<Store> {
  const { config, print } = options;
  const place = placeWish(config);
  if (config.databaseUrl && config.secretKey) {
    await checkDatabase(config.databaseUrl);
    const dataDir = outsideDataDir(place, print);
    return { url: config.databaseUrl, secretKey: config.secretKey, dataDir, owner: ourselves() };
  }
  const server = await startEmbedded({ place, log: print });
  undo.push(() => server.stop());
  void server.exited.then((end) => endings.end({ code: 1, line: end }));
  return {
    url: server.url,
    secretKey: config.secretKey ?? server.secretKey,
    dataDir: server.dataDir,
    owner: server.place.user,
  };
}

function outsideDataDir(place: PlaceWish, print: (line: string) => void): string | null {
  try {
    return chooseDataDir(place, print);
  } catch (error) {
    if (!(error instanceof StartError) || place.wanted) throw error;
    return null; // a read-only container: nothing needs to be kept there
  }
}

async function startRoles(options: Options, store: Store, endings: Endings, undo: Undo): Promise<Ready> {
  const shared = {
    DATABASE_URL: store.url,
    SECRET_KEY: store.secretKey,
    ...(store.dataDir ? { DATA_DIR: store.dataDir } : {}),
    ...(options.config.demoBackendUrl ? { CHAPAR_DEMO_BACKEND: options.config.demoBackendUrl } : {}),
    ...(options.config.allowsPrivateAddresses ? { ALLOW_PRIVATE_ADDRESSES: "true" } : {}),
  };
  let ready: Ready | null = null;
  let worker: Child | null = null;
  const common = {
    entry: options.entry,
    owner: store.owner,
    say: options.print,
    onEnd: (reason: string) => endings.end({ code: 1, line: reason } satisfies Ending),
  };

  const api = superviseRole({
    ...common,
    role: "api",
    logFile: logFile(store, "api"),
    // After a failure it comes back where it was: devices and browsers know that address.
    environment: () => roleEnvironment({ ...shared, ...portsOf(ready) }),
    onRestart(again) {
      const isElsewhere = again.mqttUrl !== ready?.mqttUrl;
      ready = again;
      for (const note of again.notes) options.print(note);
      if (store.dataDir) writeRunning(store.dataDir, again.url);
      if (isElsewhere) void worker?.restart();
    },
  });
  undo.push(() => api.stop());
  ready = await api.start();
  for (const note of ready.notes) options.print(note);
  goOn(endings);

  worker = superviseRole({
    ...common,
    role: "worker",
    logFile: logFile(store, "worker"),
    environment: () =>
      roleEnvironment({
        ...shared,
        // Where links in messages lead when there is no PUBLIC_URL.
        ...(ready ? { PORT: String(ready.port) } : {}),
        ...(ready?.mqttUrl ? { MQTT_URL: ready.mqttUrl } : {}),
      }),
    onRestart: () => {},
  });
  const started = worker;
  undo.push(() => started.stop());
  const { notes } = await worker.start();
  for (const note of notes) options.print(note);
  return ready;
}

function portsOf(ready: Ready | null): Record<string, string> {
  if (!ready) return {};
  const mqtt = ready.mqttPort === null ? {} : { MQTT_PORT: String(ready.mqttPort) };
  return { PORT: String(ready.port), ...mqtt };
}

function logFile(store: Store, role: string): string | null {
  return store.dataDir && join(store.dataDir, "logs", `${role}.log`);
}

/** Prints what this start is about and keeps new tokens; answers the tokens known. */
function announce(options: Options, store: Store, prepared: Prepared, ready: Ready): FirstRun | null {
  const { appId, newAccessToken, signInCode } = prepared;
  const panel = options.config.publicUrl ?? ready.url;
  const signIn = signInCode && `${panel}/welcome#code=${signInCode}`;
  const before = store.dataDir ? readFirstRun(store.dataDir) : null;
  const firstRun = { panel, signIn, appId, accessToken: newAccessToken ?? before?.accessToken ?? null };
  const isNew = newAccessToken !== null || signIn !== null;
  if (store.dataDir && isNew) writeFirstRun(store.dataDir, store.owner, firstRun);

  const file = store.dataDir && (isNew || before) ? firstRunFile(store.dataDir) : null;
  const logs = store.dataDir && join(store.dataDir, "logs");
  const lines = newAccessToken
    ? announceFirstRun({ ...firstRun, accessToken: newAccessToken }, file, logs)
    : announceStart(panel, signIn, file, logs);
  for (const line of lines) options.print(line);
  return isNew ? firstRun : before;
}
