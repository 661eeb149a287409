import type { Database } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { expireImport, lockToExpire } from "./queries/expire.ts";

const everyMs = 600_000;

/** Deletes files and results of imports that are older than their app keeps them, now and then. */
export function startExpiry(db: Database, onError: (error: unknown) => void): { stop(): Promise<void> } {
  let isStopped = false;
  let working = Promise.resolve<unknown>(undefined);
  const run = () => {
    working = working.then(() => expireImports(db, new Date(), () => isStopped)).catch(onError);
  };
  run();
  const timer = setInterval(run, everyMs);
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await working;
    },
  };
}

/**
 * Expires imports one by one, a transaction each. The import with its totals stays, and so does who came by it, which
 * segments may ask for. Answers how many there were.
 */
export async function expireImports(db: Database, now: Date, isStopped = () => false): Promise<number> {
  for (let count = 0; ; count++) if (isStopped() || !(await expireOne(db, now))) return count;
}

const expireOne = (db: Database, now: Date): Promise<boolean> =>
  db.transaction(async (tx) => {
    const found = await lockToExpire(tx, now);
    if (!found) return false;
    await expireImport(tx, found, now);
    await notify(tx, "chapar_changes", `${found.appKey}:import:${found.importId}`);
    return true;
  });
