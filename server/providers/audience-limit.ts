import sql from "sql-template-tag";
import type { AudienceLimit } from "../channels/provider.ts";
import type { Database, Queryable } from "../db/database.ts";
import { addressHash } from "../lib/keys.ts";

/** Whom a business may write to now, and when there will be room for more. */
export interface Admitted {
  addresses: ReadonlySet<string>;
  /** Milliseconds until the first of those written to counts no more; null where all of these were admitted. */
  roomInMs: number | null;
}

/**
 * Takes room for people who are about to be written to first. Who was written to within the window is let in again; of
 * the others as many as there is room for. All workers and all accounts with the limit's name count together.
 */
export function admitAudience(
  db: Database,
  appKey: number,
  { name, people, windowMs }: AudienceLimit,
  addresses: readonly string[],
): Promise<Admitted> {
  const byHash = new Map(addresses.map((address) => [addressHash("whatsapp", address), address]));
  const asked = sql`unnest(${[...byHash.keys()]}::uuid[])`;
  return db.transaction(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`written_to ${appKey} ${name}`}, 0))`);
    // The clock of the database: those of workers differ.
    const isCounted = sql`app_key = ${appKey} and limit_name = ${name}
      and at > clock_timestamp() - make_interval(secs => ${windowMs / 1000}::double precision)`;
    const { rows } = await tx.query<{ hash: string }>(sql`
      with known as (
        select address_hash as hash from written_to
        where ${isCounted} and address_hash in (select * from ${asked})
      ), fresh as (
        select hash from ${asked} as a (hash)
        where hash not in (select hash from known)
        order by hash
        limit greatest(0, ${people}::integer - (select count(*) from written_to where ${isCounted}))
      )
      -- Whoever is written to again counts from now on.
      insert into written_to (app_key, limit_name, address_hash, at)
      select ${appKey}::integer, ${name}::text, hash, clock_timestamp()
      from (select hash from known union all select hash from fresh) as admitted
      on conflict (app_key, limit_name, address_hash) do update set at = excluded.at
      returning address_hash as hash`);
    const admitted = new Set(rows.flatMap(({ hash }) => byHash.get(hash) ?? []));
    if (admitted.size === byHash.size) return { addresses: admitted, roomInMs: null };
    const { rows: first } = await tx.query<{ ms: number }>(sql`
      select (extract(epoch from min(at) - clock_timestamp()) * 1000 + ${windowMs})::double precision as ms
      from written_to where ${isCounted}`);
    return { addresses: admitted, roomInMs: Math.max(first[0]?.ms ?? 0, 1_000) };
  });
}

const keptForDays = 2;

/** Forgets whom no limit counts any more. */
export async function forgetWrittenTo(db: Queryable): Promise<void> {
  await db.query(
    sql`delete from written_to where at < clock_timestamp() - make_interval(days => ${keptForDays}::integer)`,
  );
}
