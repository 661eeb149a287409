import { readConfig } from "../config.ts";
import { checkDatabase } from "../db/check.ts";
import { type Database, openDatabase } from "../db/database.ts";
import { findRunning, startEmbedded } from "../db/embedded.ts";
import { choosePlace } from "../db/embedded-place.ts";
import { placeWish } from "../supervisor/place.ts";

/**
 * Runs `work` on the product's database: the one of DATABASE_URL, the embedded one that is running, or the embedded one
 * started for this moment.
 */
export async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  const outside = config.databaseDirectUrl;
  if (outside) {
    await checkDatabase(outside);
    return withPool(outside, work);
  }
  const running = findRunning(choosePlace(placeWish(config), () => {}));
  if (running) return withPool(running, work);

  const server = await startEmbedded({ place: placeWish(config), log: () => {} });
  try {
    return await withPool(server.url, work);
  } finally {
    await server.stop();
  }
}

async function withPool<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(url, { connections: 2, name: "chapar command", onError: () => {} });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
