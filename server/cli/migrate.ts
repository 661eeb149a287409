import { migrate } from "../db/migrate.ts";
import { readArguments } from "./arguments.ts";
import { withProductDatabase } from "./database.ts";

/** `chapar migrate`: brings the database to this version's tables. */
export async function migrateCommand(args: readonly string[]): Promise<number> {
  readArguments(args, {});
  await withProductDatabase(migrate);
  process.stderr.write("The database is up to date.\n");
  return 0;
}
