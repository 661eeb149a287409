import type { Readable } from "node:stream";
import sql, { raw, type Sql } from "sql-template-tag";
import { prepareAnalysis } from "../db/analysis.ts";
import { type Database, openSession } from "../db/database.ts";
import { toCsv } from "../lib/csv.ts";
import { usersMatching } from "./count-queries.ts";
import { readVocabulary } from "./queries.ts";
import { conditionOf } from "./resolve.ts";
import { requireSegment } from "./segments.ts";

interface MemberRow {
  userId: string;
  email: string | null;
  phone: string | null;
  language: string | null;
  tags: string[];
  attributes: Record<string, unknown>;
  [name: string]: unknown;
}

const own = ["userId", "email", "phone", "language", "tags"] as const;
const atATime = 2_000;

/**
 * The users of a segment as CSV: ids, addresses, tags, and a column for every attribute of the app. As they are at one
 * moment; read as fast as it is taken, so that it needs the memory of a few thousand of them.
 */
export async function membersFile(
  db: Database,
  appKey: number,
  segmentId: string,
): Promise<{ name: string; csv: Readable }> {
  const row = await requireSegment(db, appKey, segmentId);
  const members = usersMatching(await conditionOf(db, appKey, row), { appKey });
  const attributes = Object.keys((await readVocabulary(db, appKey)).attributes).sort();
  const columns = [...own, ...attributes.filter((name) => !(own as readonly string[]).includes(name))];
  return { name: row.name, csv: toCsv(columns, readMembers(db, appKey, members)) };
}

async function* readMembers(
  db: Database,
  appKey: number,
  members: Sql,
): AsyncGenerator<Record<string, unknown>> {
  // Closed at the end, which also ends the transaction where nobody takes the rest.
  const session = await openSession(db);
  try {
    await session.query(sql`begin read only`);
    await prepareAnalysis(session);
    await session.query(sql`
      declare members no scroll cursor for
      select u.user_id as "userId", u.email, u.phone, u.language, u.tags, u.attributes
      from users u
      where u.app_key = ${appKey} and ${members}`);
    for (;;) {
      const { rows } = await session.query<MemberRow>(sql`fetch ${raw(String(atATime))} from members`);
      for (const { attributes, tags, ...user } of rows)
        yield { ...written(attributes), ...user, tags: tags.join(",") };
      if (rows.length < atATime) return;
    }
  } finally {
    session.end();
  }
}

const written = (attributes: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
