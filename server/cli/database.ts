import { readConfig } from "../config.ts";
import { checkDatabase } from "../db/check.ts";
import { type Database, withDatabase } from "../db/database.ts";
import { findRunning, startEmbedded } from "../db/embedded.ts";
import { choosePlace } from "../db/embedded-place.ts";
import { placeWish } from "../supervisor/place.ts";

/**
 * Runs `work` on the product's database: the one of DATABASE_URL, the embedded one that is running, or the embedded one
 * started for this moment.
 */
export async function withProductDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  const outside = config.databaseDirectUrl;
  if (outside) {
    await checkDatabase(outside);
    return withDatabase(outside, work);
  }
  const running = findRunning(choosePlace(placeWish(config), () => {}));
  if (running) return withDatabase(running, work);

  const server = await startEmbedded({ place: placeWish(config), log: () => {} });
  try {
    return await withDatabase(server.url, work);
  } finally {
    await server.stop();
  }
}
