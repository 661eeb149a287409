import assert from "node:assert/strict";
import type pg from "pg";
import { userKey } from "../../server/lib/keys.ts";

// Fills a product's own tables by SQL, as it would have stored what came in. Users are user-1, user-2 …

/** The key as lib/keys.ts makes it; {@link fillUsers} checks that. */
const keyOf = (appId: string, kind: "user" | "installation", id: string) =>
  `encode(substring(sha256('${kind}\\000${appId}\\000'::bytea || convert_to(${id}, 'UTF8')) for 16), 'hex')::uuid`;

export async function prepareFilling(client: pg.Client, seed: number): Promise<void> {
  await client.query("set synchronous_commit = off");
  await client.query("set work_mem = '256MB'");
  await client.query(`select setseed(${(seed % 1000) / 1000})`);
}

export async function finishFilling(client: pg.Client): Promise<void> {
  await client.query("vacuum analyze users");
  await client.query("vacuum analyze installations");
  await client.query("vacuum analyze events, behaviours");
  await client.query("checkpoint");
}

export interface UserColumns {
  /** SQL of each, over `n`, the number of the user. */
  readonly attributes: string;
  readonly tags: string;
  readonly email: string;
  readonly phone: string;
}

const nothing: UserColumns = { attributes: "'{}'", tags: "'{}'", email: "null", phone: "null" };

export async function fillUsers(
  client: pg.Client,
  appId: string,
  users: number,
  columns: UserColumns = nothing,
): Promise<void> {
  await client.query(`
    insert into users (app_key, user_key, user_id, is_guest, email, phone, attributes, tags, value_tags, created_at,
      updated_at)
    select 1, ${keyOf(appId, "user", "'user-' || n")}, 'user-' || n, n % 20 = 0, ${columns.email}, ${columns.phone},
      ${columns.attributes}, ${columns.tags}, '{}', now(), now()
    from generate_series(1, ${users}) as n`);
  const { rows } = await client.query("select user_key from users where user_id = 'user-1'");
  assert.equal(rows[0]?.user_key, userKey(appId, "user-1"));
}

/** 1.3 devices a user: everybody has one, three in ten a second. */
export async function fillInstallations(client: pg.Client, appId: string, users: number): Promise<void> {
  await client.query(`
    insert into installations (app_key, user_key, installation_key, installation_id, device_type, device_model,
      os_version, os_version_n, client_version, client_version_n, launch_count, install_date, launch_time,
      device_token, token_service, language, country, opted_out, topics, lat, lng, created_at, updated_at)
    select 1, ${keyOf(appId, "user", "'user-' || who")}, ${keyOf(appId, "installation", "'device-' || n")}, 'device-' || n,
      kind, 'Model ' || (n % 300), major || '.0', (major::bigint << 48), version || '.' || minor || '.0',
      (version::bigint << 48) | (minor::bigint << 32), floor(power(random(), 3) * 200)::integer,
      now() - interval '1 day' - random() * interval '700 days', now() - power(random(), 2) * interval '180 days',
      md5(n::text) || md5((n + 1)::text) || md5((n + 2)::text) || md5((n + 3)::text), service,
      (array['fa', 'en', 'ar', 'de'])[1 + n % 4], (array['IR', 'DE', 'AE', 'US'])[1 + n % 4], random() < 0.05, '{}',
      lat, lng, now(), now()
    from (
      select n, case when n <= ${users} then n else 1 + floor(random() * ${users})::integer end as who,
        (array['android', 'android', 'android', 'ios', 'ios', 'web'])[1 + n % 6] as kind,
        (array['fcm', 'fcm', 'fcm', 'apns', 'apns', 'webpush'])[1 + n % 6] as service,
        8 + floor(random() * 8)::integer as major, 3 + floor(random() * 3)::integer as version,
        floor(random() * 10)::integer as minor,
        case when n % 2 = 0 then 25 + random() * 14 end as lat, case when n % 2 = 0 then 44 + random() * 19 end as lng
      from generate_series(1, ${Math.round(users * 1.3)}) as n
    ) as drawn`);
}

/** Events of the last days, what is done most a third of them, `heavyEvents` more of user-1; and their roll-up. */
export async function fillEvents(
  client: pg.Client,
  appId: string,
  plan: { users: number; events: number; days: number; names: readonly string[]; heavyEvents: number },
): Promise<void> {
  const { users, events, days, names, heavyEvents } = plan;
  await makePartitions(client, days);
  const list = `array[${names.map((name) => `'${name}'`).join(", ")}]`;
  await client.query(`
    insert into events (app_key, user_key, at, event_id, name, value, data, created_at)
    select 1, ${keyOf(appId, "user", "'user-' || who")}, at, gen_random_uuid(), name, value,
      case when value is null then '{}' else jsonb_build_object('value', value) end, at
    from (
      select who, at, name, case when name = 'purchase' then round((random() * 100)::numeric, 2)::float8 end as value
      from (
        select case when n <= ${heavyEvents} then 1 else 1 + floor(random() * ${users})::integer end as who,
          now() - random() * interval '${days} days' as at,
          (${list})[1 + floor(${names.length} * power(random(), 2))::integer] as name
        from generate_series(1, ${events + heavyEvents}) as n
      ) as drawn
    ) as e`);
  await client.query(`
    insert into behaviours
    select app_key, user_key, name, count(*), min(at), max(at),
      (array_agg(event_id order by at desc, event_id desc))[1], (array_agg(value order by at desc, event_id desc))[1],
      null, count(value), coalesce(sum(value), 0), min(value), max(value)
    from events
    group by app_key, user_key, name`);
  await client.query(`
    insert into event_counters
    select app_key, name, 0, sum(count), count(*), sum(value_count), sum(value_sum), min(first_at), max(last_at)
    from behaviours
    group by app_key, name`);
}

async function makePartitions(client: pg.Client, days: number): Promise<void> {
  const now = new Date();
  for (let back = Math.ceil(days / 28) + 1; back >= 0; back--) {
    const [from, to] = [-back, 1 - back].map((months) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString(),
    );
    await client.query(`
      create table if not exists events_${from?.slice(0, 7).replace("-", "_")} partition of events
      for values from ('${from}') to ('${to}')`);
  }
}
