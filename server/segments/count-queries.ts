import sql, { join, type Sql } from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { nameOf } from "../users/name-of.ts";
import { compileCondition, doersOf, inRange, type Scope } from "./compile.ts";
import type { Condition } from "./condition.ts";
import { natureOf } from "./nature.ts";
import { ofPeople } from "./of-people.ts";
import type { SampleUser, SegmentNumbers } from "./schema.ts";

/**
 * Pairs of a user and one of their installations (null for a user without any) that match: a select with the columns
 * user_key and installation_key, to be nested.
 */
export function matchingPairs(condition: Condition, scope: Scope): Sql {
  return sql`
    select u.user_key, i.installation_key
    from users u
    ${installationsOf(condition, scope)}
    where u.app_key = ${scope.appKey}${inRange(sql`u.user_key`, scope)} and ${compileCondition(condition, scope)}`;
}

/** An inner join where nobody without a device can match, which leaves PostgreSQL more ways to go. */
function installationsOf(condition: Condition, scope: Scope): Sql {
  const kind = natureOf(condition).mayLackDevice ? sql`left join` : sql`join`;
  return sql`${kind} installations i on i.app_key = u.app_key and i.user_key = u.user_key${inRange(sql`i.user_key`, scope)}`;
}

interface NumbersRow {
  users: number;
  installations: number;
  inbox: number;
  push: number;
  email: number;
  sms: number;
  whatsapp: number;
  samples: string[];
}

const ofUsers = (reach: Sql) => sql`
  count(*) as users, count(*) filter (where ${reach} & 1 > 0) as email,
  count(*) filter (where ${reach} & 2 > 0) as sms, count(*) filter (where ${reach} & 4 > 0) as whatsapp`;

const ofDevices = (reach: Sql) => sql`
  count(${reach}) as installations, count(*) filter (where ${reach} > 0) as inbox,
  count(*) filter (where ${reach} > 1) as push`;

/**
 * One row with the numbers of a condition. What it speaks of decides what is read: of users alone they are found first,
 * then their devices; of devices alone the other way round. What must hold for both is looked for in pairs; where either
 * is enough, users and devices are counted apart, since pairs of nearly everybody would have to be sorted.
 */
function numbers(condition: Condition, scope: Scope, sampleSize: number): Sql {
  const { user, device, mayLackDevice, isEverybody } = natureOf(condition);
  const filter = compileCondition(condition, scope);
  const users = sql`users u where u.app_key = ${scope.appKey}${inRange(sql`u.user_key`, scope)}`;
  const devices = sql`installations i where i.app_key = ${scope.appKey}${inRange(sql`i.user_key`, scope)}`;
  const samples = sql`array(select user_key from matched limit ${sampleSize}::integer) as samples`;
  if (isEverybody)
    return sql`
      with matched as (select u.user_key, u.reach from ${users})
      select p.*, d.*, ${samples}
      from (select ${ofUsers(sql`reach`)} from matched) as p, (select ${ofDevices(sql`i.reach`)} from ${devices}) as d`;
  if (!device)
    return sql`
      with matched as materialized (select u.user_key, u.reach from ${users} and ${filter})
      select p.*, d.*, ${samples}
      from (select ${ofUsers(sql`reach`)} from matched) as p,
        (select ${ofDevices(sql`i.reach`)} from ${devices} and i.user_key in (select user_key from matched)) as d`;
  if (mayLackDevice)
    return sql`
      with matched as materialized (
        select u.user_key, u.reach from ${users} and ${compileCondition(ofPeople(condition), scope)})
      select p.*, d.*, ${samples}
      from (select ${ofUsers(sql`reach`)} from matched) as p,
        (select ${ofDevices(sql`i.reach`)} from ${user ? pairs(scope) : devices} and ${filter}) as d`;
  if (!user)
    return sql`
      with matched as materialized (select i.user_key, i.reach from ${devices} and ${filter})
      select p.*, d.*, ${samples}
      from (select ${ofUsers(sql`u.reach`)} from ${users} and u.user_key in (select user_key from matched)) as p,
        (select ${ofDevices(sql`reach`)} from matched) as d`;
  return sql`
    with matched as materialized (
      select u.user_key, u.reach as user_reach, i.reach from ${pairs(scope)} and ${filter})
    select p.*, d.*, ${samples}
    from (select ${ofUsers(sql`user_reach`)} from (select distinct user_key, user_reach from matched) as once) as p,
      (select ${ofDevices(sql`reach`)} from matched) as d`;
}

/** From and the beginning of where: devices with their users. */
const pairs = (scope: Scope): Sql => sql`
  installations i join users u on u.app_key = i.app_key and u.user_key = i.user_key
  where u.app_key = ${scope.appKey}${inRange(sql`u.user_key`, scope)}${inRange(sql`i.user_key`, scope)}`;

/** The numbers of several conditions in one question, and for each the keys of some users. */
export async function countConditions(
  db: Queryable,
  conditions: readonly Condition[],
  scope: Scope,
  sampleSize: number,
): Promise<(SegmentNumbers & { samples: string[] })[]> {
  const each = conditions.map(
    (condition, index) =>
      sql`select ${index}::integer as place, n.* from (${numbers(condition, scope, index === 0 ? sampleSize : 0)}) as n`,
  );
  const { rows } = await db.query<NumbersRow>(sql`${join(each, " union all ")} order by place`);
  return rows.map(({ users, installations, samples, inbox, push, email, sms, whatsapp }) => ({
    ...{ users, installations, reach: { inbox, push, email, sms, whatsapp }, samples },
  }));
}

/** Installations that match: what a send answers as its count. */
export async function countInstallations(db: Queryable, condition: Condition, scope: Scope): Promise<number> {
  const { user, isEverybody } = natureOf(condition);
  // Of devices alone and with nothing but their number asked for, an index can have all that is needed.
  const devices =
    isEverybody || !user ? sql`installations i where i.app_key = ${scope.appKey}` : pairs(scope);
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count from ${devices} and ${compileCondition(condition, scope)}`);
  return rows[0]?.count ?? 0;
}

/** Restricts `users u` to who matches with some device, or without one. */
export const usersMatching = (condition: Condition, scope: Scope): Sql =>
  compileCondition(ofPeople(condition), scope);

/** How many users match. */
export async function countUsers(db: Queryable, condition: Condition, scope: Scope): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`
    select count(*) as count from (${matchingUsers(condition, scope)}) as m`);
  return rows[0]?.count ?? 0;
}

/** Keys of the users who match, each once. Who did something or has a device is a user, and need not be looked for. */
export function matchingUsers(condition: Condition, scope: Scope): Sql {
  const { user, device, mayLackDevice } = natureOf(condition);
  if (device && !user && !mayLackDevice)
    return sql`
      select distinct i.user_key from installations i
      where i.app_key = ${scope.appKey}${inRange(sql`i.user_key`, scope)} and ${compileCondition(condition, scope)}`;
  return (
    doersOf(condition, scope) ??
    sql`
      select u.user_key from users u
      where u.app_key = ${scope.appKey}${inRange(sql`u.user_key`, scope)} and ${usersMatching(condition, scope)}`
  );
}

/** About how many users all apps have: what PostgreSQL knows without counting, -1 before it has looked. */
export async function estimateAllUsers(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ users: number }>(sql`
    select reltuples::bigint as users from pg_class where oid = to_regclass('users')`);
  return rows[0]?.users ?? -1;
}

/** Users by their keys, in the order of the keys. */
export async function listSampleUsers(
  db: Queryable,
  appKey: number,
  userKeys: readonly string[],
): Promise<SampleUser[]> {
  const { rows } = await db.query<Omit<SampleUser, "name"> & { attributes: Record<string, unknown> }>(sql`
    select u.user_id as "userId", u.is_guest as "isGuest", u.email, u.phone, u.attributes
    from unnest(${userKeys}::uuid[]) with ordinality as k (user_key, place)
    join users u on u.app_key = ${appKey} and u.user_key = k.user_key
    order by k.place`);
  return rows.map(({ attributes, ...user }) => ({ ...user, name: nameOf(attributes) }));
}
