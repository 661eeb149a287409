import { createWriteStream, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { finished } from "node:stream/promises";
import { StartError } from "../lib/start-error.ts";
import type { Simulation } from "../testing/simulation.ts";
import type { FaultRates, SeenRequest } from "../testing/stand-ins/faults.ts";
import { readArguments, readCount, UsageError } from "./arguments.ts";

const everyMs = 1_000;

/**
 * `chapar simulate`: all services that Chapar sends to, on this machine, with credentials for them in a folder. Runs
 * until SIGINT or SIGTERM and says what it sees, a line a second.
 */
export async function simulate(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, {
    ...{ port: { type: "string" }, folder: { type: "string" }, seed: { type: "string", default: "1" } },
    ...{ "rate-429": { type: "string" }, "rate-500": { type: "string" }, hang: { type: "string" } },
    ...{ close: { type: "string" }, gone: { type: "string" }, slow: { type: "string", default: "0" } },
    ...{ log: { type: "string" }, reports: { type: "boolean", default: false } },
  } as const);
  const rates = ratesOf({
    throttle: readShare("--rate-429", values["rate-429"]),
    error: readShare("--rate-500", values["rate-500"]),
    hang: readShare("--hang", values.hang),
    closeAfter: readShare("--close", values.close),
    gone: readShare("--gone", values.gone),
  });
  const log = values.log === undefined ? null : createWriteStream(values.log, { flags: "a" });
  // Before anything is started: a log that cannot be written is a mistake to mend first.
  if (log) await opened(log, values.log ?? "");
  const tally = createTally();
  // Loaded where it is needed: nothing else of the product knows the stand-ins.
  const { startSimulation } = await import("../testing/simulation.ts");
  const simulation = await startSimulation({
    ...(values.port === undefined ? {} : { port: readCount("--port", values.port, 1) }),
    ...{
      reports: values.reports,
      rates,
      slowMs: readCount("--slow", values.slow, 0),
      seed: readCount("--seed", values.seed, 0),
    },
    onAnswer(service, request, status) {
      tally.add(service, status);
      log?.write(`${JSON.stringify(logged(service, request, status))}\n`);
    },
  }).catch(rethrowTaken);

  const folder =
    values.folder === undefined ? mkdtempSync(join(tmpdir(), "chapar-simulate-")) : values.folder;
  const files = writeCredentials(resolve(folder), simulation);
  process.stdout.write(introduction(simulation, files));
  const showing = setInterval(() => {
    const line = tally.line();
    if (line) process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
  }, everyMs);
  await new Promise<void>((end) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end());
  });
  clearInterval(showing);
  await simulation.stop();
  if (log) await finished(log.end());
  process.stdout.write(`\nAltogether: ${tally.total()}\n`);
  return 0;
}

/** A share of requests, from 0 to 1. */
function readShare(option: string, value: string | undefined): number {
  const share = Number(value ?? 0);
  if (value !== "" && share >= 0 && share <= 1) return share;
  throw new UsageError(`${option} must be a share from 0 to 1, as 0.05, not "${value}"`);
}

function ratesOf(rates: FaultRates): FaultRates {
  const sum = Object.values(rates).reduce((total, rate) => total + rate, 0);
  if (sum <= 1) return rates;
  throw new UsageError(`--rate-429, --rate-500, --hang, --close and --gone make ${sum} together; at most 1`);
}

function opened(log: ReturnType<typeof createWriteStream>, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    log.once("open", () => resolve());
    log.once("error", (cause) => reject(new UsageError(`${file} cannot be written`, { cause })));
  });
}

function rethrowTaken(error: NodeJS.ErrnoException): never {
  if (error.code !== "EADDRINUSE") throw error;
  throw new StartError("A port is taken; give another one with --port, or none for free ports.");
}

/** Of headers nothing: they carry the credentials. */
const logged = (service: string, { number, method, url, body }: SeenRequest, status: number | null) => ({
  ...{ at: new Date().toISOString(), service, number, method, path: pathOf(service, url), status, body },
});

/** Without the query, and without the key that Kavenegar has in its paths. */
const pathOf = (service: string, url: string): string => {
  const [path = ""] = url.split("?");
  return service === "kavenegar" ? path.replace(/^\/v1\/[^/]+/, "/v1/•••") : path;
};

/** Puts everything that an account needs into files of the folder; answers their names by provider. */
function writeCredentials(folder: string, simulation: Simulation): Record<string, string> {
  const { credentials, accounts } = simulation;
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
    return file;
  };
  write("service-account.json", credentials.serviceAccount);
  write(`AuthKey_${simulation.standIns.apns.credentials.keyId}.p8`, credentials.apnsKey);
  write("vapid.json", JSON.stringify(credentials.vapid, null, 2));
  write("subscription.json", JSON.stringify(credentials.subscription));
  return Object.fromEntries(
    Object.entries(accounts).map(([name, account]) => [
      name,
      write(`${name}-account.json`, JSON.stringify(account, null, 2)),
    ]),
  );
}

function introduction({ urls, standIns }: Simulation, files: Record<string, string>): string {
  const curl = (file: string) =>
    `  curl -X POST "http://localhost:8080/api/providers?access_token=$TOKEN" -H 'Content-Type: application/json' -d @${file}`;
  return [
    `FCM ${urls.fcm} (tokens ${urls.fcmToken}), APNs ${urls.apns}, web push ${urls.webpush}, HTTP ${urls.http}, SMTP ${urls.smtp}`,
    `Kavenegar ${urls.kavenegar}, Kaleyra ${urls.kaleyra}, Twilio ${urls.twilio}, WhatsApp of Meta and 360dialog ${urls.whatsapp}`,
    "",
    "Start Chapar with ALLOW_PRIVATE_ADDRESSES=true, and make the accounts:",
    "",
    ...Object.values(files).map(curl),
    "",
    "With --reports services of SMS and WhatsApp report what became of messages: Twilio and Kaleyra (SMS) where the",
    "message says, the others to receiptsUrl of their account, once they were told it:",
    "",
    ...webhookCalls(urls, standIns),
    "",
    "Credentials are beside these files, and a subscription of a browser. Press Ctrl+C to end.",
    "",
    "",
  ].join("\n");
}

/** How each service is told where to report: by its own call, or one that stands for its panel. */
function webhookCalls(urls: Simulation["urls"], { whatsapp }: Simulation["standIns"]): string[] {
  const { meta, "360dialog": dialog } = whatsapp.credentials;
  const call = (url: string, header: string, body: Record<string, string>) =>
    `  curl -X POST ${url} ${header && `-H '${header}' `}-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  return [
    call(
      `${urls.whatsapp}/v25.0/${meta.wabaId}/subscribed_apps`,
      `Authorization: Bearer ${meta.accessToken}`,
      {
        ...{ override_callback_uri: "RECEIPTS_URL", verify_token: meta.verifyToken },
      },
    ),
    call(`${urls.whatsapp}/v1/configs/webhook`, `D360-API-KEY: ${dialog.apiKey}`, { url: "RECEIPTS_URL" }),
    call(`${urls.kavenegar}/panel/webhook`, "", { url: "RECEIPTS_URL" }),
    call(`${urls.kaleyra}/panel/webhook`, "", { url: "RECEIPTS_URL", token: "simulated-receipts-token" }),
  ];
}

/** Counts answers by service and status. */
function createTally() {
  const total = new Map<string, Map<string, number>>();
  let since = new Map<string, Map<string, number>>();
  const count = (counts: Map<string, Map<string, number>>, service: string, status: string) => {
    const own = counts.get(service) ?? new Map<string, number>();
    own.set(status, (own.get(status) ?? 0) + 1);
    counts.set(service, own);
  };
  const worded = (counts: Map<string, Map<string, number>>) =>
    [...counts]
      .map(
        ([service, own]) =>
          `${service} ${[...own].map(([status, times]) => `${times} × ${status}`).join(", ")}`,
      )
      .join(" | ");
  return {
    add(service: string, status: number | null): void {
      const word = status === null ? "no answer" : String(status);
      count(total, service, word);
      count(since, service, word);
    },
    /** Of what came since the last one; empty where nothing did. */
    line(): string {
      const line = worded(since);
      since = new Map();
      return line;
    },
    total: () => worded(total) || "nothing",
  };
}
