import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";

/** Nobody is known, and nothing was ever imported: for tests that share a database. */
export async function emptyImports(db: Queryable): Promise<void> {
  await db.query(sql`
    truncate users, installations, installation_directory, events, behaviours, imports, import_batches, import_errors,
      file_parts, files, attributes, segments, segment_members`);
}
