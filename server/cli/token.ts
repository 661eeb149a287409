import { findApp } from "../accounts/queries.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { readConfig } from "../config.ts";
import { readArguments, UsageError } from "./arguments.ts";
import { withProductDatabase } from "./database.ts";

/** `chapar token create --name N`: prints a new access token of the app, once. */
export async function token(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { name: { type: "string" } }, { min: 1, max: 1 });
  if (positionals[0] !== "create")
    throw new UsageError(`Unknown command "token ${positionals[0]}"; see chapar --help`);
  const name = values.name;
  if (!name) throw new UsageError("--name is missing: say what the token is for");
  const { appId } = readConfig();
  const created = await withProductDatabase(async (db) => {
    const app = await findApp(db, appId);
    if (app) return createAccessToken(db, { appKey: app.appKey, name });
    throw new UsageError(
      `There is no app "${appId}" yet. Start Chapar once, or set APP_ID to the app that is meant.`,
    );
  });
  process.stdout.write(`${created}\n`);
  return 0;
}
