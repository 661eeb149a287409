import pg from "pg";
import { StartError } from "../lib/start-error.ts";

const oldestVersion = 150000; // server_version_num of PostgreSQL 15.0
const timeoutMs = 10_000;

/** Connects once to an outside database. Throws {@link StartError} with the cure when it cannot be used. */
export async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  client.on("error", () => {});
  try {
    await client.connect();
    const found = await client.query<{ number: number; version: string }>(
      "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
    );
    const server = found.rows[0];
    if (!server || server.number < oldestVersion) {
      throw new StartError(
        `DATABASE_URL: the server is PostgreSQL ${server?.version}, Chapar needs 15 or newer. Upgrade it or name another.`,
      );
    }
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(explain(error, url), { cause: error });
  } finally {
    await client.end().catch(() => {}); // it may never have connected
  }
}

function explain(error: unknown, url: string): string {
  const { code, message } = error as { code?: string; message: string };
  const { host, pathname, username } = new URL(url);
  const place = decodeURIComponent(host) || "localhost";
  const database = decodeURIComponent(pathname.slice(1));
  switch (code) {
    case "28P01": // invalid_password
    case "28000": // invalid_authorization_specification
      return `DATABASE_URL: ${place} refuses user "${decodeURIComponent(username)}" (${message}). Check user, password and pg_hba.conf.`;
    case "3D000": // invalid_catalog_name
      return `DATABASE_URL: there is no database "${database}" on ${place}. Create it with: createdb ${database}`;
    case "53300": // too_many_connections
      return `DATABASE_URL: ${place} has no connection left. Raise max_connections or stop other clients.`;
    default:
      return `DATABASE_URL: ${place} cannot be reached (${message || code}). Check host and port, and that the server runs.`;
  }
}
