// `npm run bench <path>` and `npm run torture <path>`: runs one path, and leaves neither a process nor a file behind.
// A path is one file of `bench/` or `torture/` that exports `run`.
import { AssertionError } from "node:assert";
import { readdirSync } from "node:fs";
import { UsageError } from "../server/cli/arguments.ts";
import { StartError } from "../server/lib/start-error.ts";
import { collectSteps, Failure, type Run } from "./lib/run.ts";

const [kind = "", name = "", ...args] = process.argv.slice(2);
const steps = collectSteps();
let isEnding = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!isEnding) process.stderr.write("Stopping …\n");
    void end(130);
  });
}

try {
  const path = await load(kind, name);
  await path.run({ args, say: (line) => process.stderr.write(`${line}\n`), later: steps.later });
  await end(0);
} catch (error) {
  // After Ctrl-C the path fails because its product went away: nobody wants to read that.
  if (!isEnding) console.error(isExpected(error) ? `\n${error.message}` : error);
  await end(1);
}

async function load(folder: string, wanted: string): Promise<{ run(run: Run): Promise<void> }> {
  const known = pathsOf(folder);
  if (!known.includes(wanted)) {
    throw new UsageError(`npm run ${folder} <path> [-- options]; the paths are: ${known.join(", ")}`);
  }
  return import(`../${folder}/${wanted}.ts`);
}

function pathsOf(folder: string): string[] {
  if (folder !== "bench" && folder !== "torture") throw new UsageError("expected bench or torture");
  return readdirSync(new URL(`../${folder}/`, import.meta.url))
    .filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== "main.ts")
    .map((file) => file.slice(0, -3))
    .sort();
}

async function end(code: number): Promise<void> {
  if (isEnding) return new Promise(() => {}); // the first end is under way
  isEnding = true;
  await steps.end();
  process.stdout.write("", () => process.exit(code));
}

function isExpected(error: unknown): error is Error {
  return [UsageError, StartError, Failure, AssertionError].some((kind) => error instanceof kind);
}
