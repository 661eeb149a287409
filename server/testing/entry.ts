import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Arguments of node that run a file of the server, named from its folder: compiled where the test runner has done so, else
 * from the sources.
 */
export function entryOf(file: string): string[] {
  const build = process.env.CHAPAR_TEST_BUILD;
  if (build) return [join(build, "server", file.replace(/\.ts$/, ".js"))];
  return ["--import", "tsx", fileURLToPath(new URL(`../${file}`, import.meta.url))];
}
