import { type Database, openSession, type Session, type Transaction } from "../db/database.ts";
import { loadEventShadows, shadowEvents } from "../events/shadow.ts";
import { loadShadows, shadowPeople } from "../installations/shadow.ts";

/**
 * Where a dry run merges: a connection whose users, installations and events are temporary tables, filled batch by batch
 * with what the rows touch. The merge is the real one, so what it answers is what a real run would; and nobody's row is
 * locked or changed.
 */
export interface Rehearsal extends Session {
  /** Brings in what the staged people touch. */
  load(tx: Transaction, appKey: number): Promise<void>;
  /** Brings in what the staged events touch. */
  loadEvents(tx: Transaction, appKey: number): Promise<void>;
}

export async function openRehearsal(db: Database): Promise<Rehearsal> {
  const session = await openSession(db);
  try {
    const schema = await shadowPeople(session);
    await shadowEvents(session, schema);
    return {
      ...session,
      load: (tx, appKey) => loadShadows(tx, appKey, schema),
      loadEvents: (tx, appKey) => loadEventShadows(tx, appKey, schema),
    };
  } catch (error) {
    session.end();
    throw error;
  }
}
