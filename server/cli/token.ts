import { findApp } from "../accounts/apps.ts";
import { type Permission, permissions } from "../accounts/roles.ts";
import { createAccessToken } from "../accounts/tokens.ts";
import { readConfig } from "../config.ts";
import { readArguments, readCount, UsageError } from "./arguments.ts";
import { withProductDatabase } from "./database.ts";

/** `chapar token create --name N [--scopes A,B] [--days N]`: prints a new access token of the app, once. */
export async function token(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { name: { type: "string" }, scopes: { type: "string" }, days: { type: "string" } },
    { min: 1, max: 1 },
  );
  if (positionals[0] !== "create")
    throw new UsageError(`Unknown command "token ${positionals[0]}"; see chapar --help`);
  const name = values.name;
  if (!name) throw new UsageError("--name is missing: say what the token is for");
  const scopes = values.scopes === undefined ? null : readScopes(values.scopes);
  const days = values.days === undefined ? null : readCount("--days", values.days, 1);
  const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000);
  const { appId } = readConfig();
  const created = await withProductDatabase(async (db) => {
    const app = await findApp(db, appId);
    if (app) return createAccessToken(db, { appKey: app.appKey, name, scopes, expiresAt });
    throw new UsageError(
      `There is no app "${appId}" yet. Start Chapar once, or set APP_ID to the app that is meant.`,
    );
  });
  process.stdout.write(`${created}\n`);
  return 0;
}

function readScopes(text: string): Permission[] {
  return text.split(",").map((name) => {
    const permission = permissions.find((known) => known === name.trim());
    if (permission) return permission;
    throw new UsageError(`--scopes: "${name.trim()}" is none of ${permissions.join(", ")}`);
  });
}
