import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./cli/arguments.ts";
import { ConfigError, packageRoot } from "./config.ts";
import { Problem } from "./lib/problem.ts";
import { StartError } from "./lib/start-error.ts";

type Command = (args: readonly string[]) => Promise<number>;

// Loaded on demand: `chapar --help` must not wait for a web server to be read.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./cli/start.ts")).start,
  migrate: async () => (await import("./cli/migrate.ts")).migrateCommand,
  import: async () => (await import("./cli/import.ts")).importCommand,
  sample: async () => (await import("./cli/sample.ts")).sample,
  segment: async () => (await import("./cli/segment.ts")).segment,
  token: async () => (await import("./cli/token.ts")).token,
  admin: async () => (await import("./cli/admin.ts")).admin,
  bounce: async () => (await import("./cli/bounce.ts")).bounce,
  simulate: async () => (await import("./cli/simulate.ts")).simulate,
};

const help = `chapar <command>

  start [--role api|worker|all] [--demo]      start everything, or one role of it
  import FILE [--format onesignal]            import users from a .csv or .csv.gz and follow its progress
         [--url URL] [--token TOKEN]
  sample --rows N [--seed S]                  write a realistic OneSignal export to stdout
  segment count FILTER [--per-rule]           count a filter (JSON), or a segment by its name
          [--estimate] [--url URL] [--token TOKEN]
  bounce [--recipient ADDRESS] < MAIL         take a mail that came back, for a mail server to pipe it to
         [--url URL] [--token TOKEN]
  token create --name NAME                    make an access token
         [--scopes A,B] [--days N]
  admin reset-password EMAIL                  give somebody of the panel a new password, and let them in again
         [--keep-second-factor]
  simulate [--port N] [--folder DIR]          run stand-ins of all services that are sent through
           [--rate-429 SHARE] [--rate-500 SHARE] [--hang SHARE] [--close SHARE] [--gone SHARE]
           [--slow MS] [--seed N] [--log FILE]
  migrate                                     bring the database to this version

  --help, --version

Settings come from the environment: PORT, DATA_DIR, DATABASE_URL, SECRET_KEY, MQTT_URL, PUBLIC_URL …
`;

/** Runs the command line and ends the process: 0 when all went well, 1 with one clear line when not. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const code = await runCommand(args);
    // Wait for stdout: a pipe may still hold what was written.
    process.stdout.write("", () => process.exit(code));
  } catch (error) {
    console.error(isExpected(error) ? error.message : error);
    process.exit(1);
  }
}

async function runCommand([name, ...args]: readonly string[]): Promise<number> {
  if (
    name === undefined ||
    name === "--help" ||
    name === "-h" ||
    name === "help" ||
    args.includes("--help")
  ) {
    process.stdout.write(help);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw new UsageError(`Unknown command "${name}"; see chapar --help`);
  const command = await load();
  return command(args);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof StartError ||
    error instanceof ConfigError ||
    error instanceof UsageError ||
    error instanceof Problem
  );
}

// Forked as a role, or run by hand from the sources.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2));
}
