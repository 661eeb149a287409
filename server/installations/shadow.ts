import sql, { raw } from "sql-template-tag";
import type { Queryable, Transaction } from "../db/database.ts";

const tables = ["users", "installations", "installation_directory", "tags", "topics", "tallies"];

/**
 * Puts empty temporary tables in front of the stored users and installations of this connection: from now on whatever
 * is merged on it goes there, and nothing is stored. Answers the schema that has the real ones.
 */
export async function shadowPeople(session: Queryable): Promise<string> {
  const { rows } = await session.query<{ schema: string }>(
    sql`select quote_ident(current_schema()) as schema`,
  );
  const schema = rows[0]?.schema ?? "public";
  for (const table of tables) {
    await session.query(sql`
      create temp table ${raw(table)} (like ${raw(`${schema}.${table}`)} including all excluding generated)`);
  }
  // Whole rows are copied, and a generated column takes no value; nothing that is merged asks for it.
  for (const table of ["users", "installations"])
    await session.query(sql`alter table pg_temp.${raw(table)} alter column reach drop not null`);
  return schema;
}

/** Brings what the staged changes touch from the real tables into the shadows, unless it is there already. */
export async function loadShadows(tx: Transaction, appKey: number, schema: string): Promise<void> {
  const real = (table: string) => raw(`${schema}.${table}`);
  await tx.query(sql`
    insert into pg_temp.installation_directory
    select d.*
    from staged_installations s
    cross join lateral (
      select * from ${real("installation_directory")}
      where app_key = ${appKey} and installation_key = s.installation_key
      union
      select * from ${real("installation_directory")}
      where app_key = ${appKey} and token_hash = s.token_hash
    ) as d
    on conflict do nothing`);
  await tx.query(sql`
    insert into pg_temp.installations
    select i.*
    from pg_temp.installation_directory d
    cross join lateral (
      select * from ${real("installations")}
      where app_key = ${appKey} and user_key = d.user_key and installation_key = d.installation_key
      limit 1
    ) as i
    where d.installation_key in (select installation_key from staged_installations)
      or d.token_hash in (select token_hash from staged_installations)
    on conflict do nothing`);
  await tx.query(sql`
    insert into pg_temp.users
    select u.*
    from (
      select user_key from staged_users
      union
      select d.user_key
      from staged_installations s
      join pg_temp.installation_directory d on d.app_key = ${appKey} and d.installation_key = s.installation_key
    ) as k
    cross join lateral (
      select * from ${real("users")} where app_key = ${appKey} and user_key = k.user_key limit 1
    ) as u
    on conflict do nothing`);
  await tx.query(sql`
    insert into pg_temp.users
    select u.*
    from staged_users s
    cross join lateral (
      select * from ${real("users")} where app_key = ${appKey} and s.found_by = 'phone' and phone = s.phone
      union all
      select * from ${real("users")} where app_key = ${appKey} and s.found_by = 'email' and email = s.email
    ) as u
    where s.found_by in ('phone', 'email')
    on conflict do nothing`);
}
