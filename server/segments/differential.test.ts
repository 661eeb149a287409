// What a filter finds in PostgreSQL is what it means: SQL against a naive reading of the same JSON, for random people and
// random filters in both notations.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import sql, { join } from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { createTestDatabase } from "../testing/database.ts";
import { holdsRules, holdsWhere, type NaivePair } from "../testing/naive-filter.ts";
import {
  attributeTypes,
  eventNames,
  filtersEach,
  makePeople,
  pairsOf,
  ruleTrees,
  storePeople,
  wheres,
  world,
} from "../testing/world.ts";
import { countConditions, countInstallations, countUsers, matchingPairs } from "./count-queries.ts";
import { type Filter, parseFilter } from "./parse.ts";

const people = makePeople(60, 11);
const pairs = pairsOf(people);
let db: Database;
/** What {@link pairsOf} calls a pair of keys. */
let names: ReadonlyMap<string, string>;

before(async () => {
  db = (await createTestDatabase()).db;
  await storePeople(db, people);
  const { rows } = await db.query<{ keys: string; name: string }>(sql`
    select u.user_key || ' ' || coalesce(i.installation_key::text, '') as keys,
      substr(u.user_id, 6) || '/' || coalesce(split_part(i.installation_id, '/', 2), '') as name
    from users u left join installations i using (app_key, user_key)
    where app_key = 1`);
  names = new Map(rows.map(({ keys, name }) => [keys, name]));
});

const vocabulary = {
  ...{ now: new Date(world.now), timeZone: "UTC", isSaved: false, fastAttributes: new Set<string>() },
  attributes: new Map(Object.entries(attributeTypes)),
  events: new Set(eventNames),
};

/** Rules as if every attribute had an index: the words of its condition are others, and mean the same. */
function conditionOf(filter: Filter) {
  const fastAttributes = new Set("segment" in filter ? Object.keys(attributeTypes) : []);
  const parsed = parseFilter(filter, { ...vocabulary, fastAttributes });
  assert.ok(parsed.ok, JSON.stringify([filter, parsed]));
  return parsed.condition;
}

/** The pairs each filter finds, `user/device`, all filters in one question. */
async function found(filters: readonly Filter[]): Promise<string[][]> {
  const each = filters.map(
    (filter, index) => sql`
      select ${index}::integer as place, array(
        select p.user_key || ' ' || coalesce(p.installation_key::text, '')
        from (${matchingPairs(conditionOf(filter), { appKey: 1 })}) as p
      ) as found`,
  );
  const { rows } = await db.query<{ found: string[] }>(sql`${join(each, " union all ")} order by place`);
  return rows.map((row) => row.found.map((keys) => names.get(keys) ?? keys).sort());
}

const expected = (holds: (pair: NaivePair) => boolean) =>
  [...pairs].flatMap(([name, pair]) => (holds(pair) ? [name] : [])).sort();

const together = 25;
/** Other filters in every run; a failure names the one that it is about. */
const seed = Date.now() % 2 ** 31;

async function agree<T>(
  filters: fc.Arbitrary<T>,
  toFilter: (filter: T) => Filter,
  holds: (filter: T, pair: NaivePair) => boolean,
): Promise<void> {
  const all = fc.sample(filters, { numRuns: filtersEach, seed });
  for (let at = 0; at < all.length; at += together) {
    const batch = all.slice(at, at + together);
    const answers = await found(batch.map(toFilter));
    for (const [index, filter] of batch.entries()) {
      const right = expected((pair) => holds(filter, pair));
      assert.deepEqual(answers[index], right, JSON.stringify(filter));
    }
  }
}

test("thousands of filters in LoopBack's notation find whom they mean", () =>
  agree(
    wheres,
    (target) => ({ target }),
    (target, pair) => holdsWhere(target, pair, world),
  ));

test("thousands of filters in rules find whom they mean", () =>
  agree(
    ruleTrees,
    (segment) => ({ segment }),
    (segment, pair) => holdsRules(segment, pair, world),
  ));

test("numbers are those of the pairs, whichever way they are counted", async () => {
  const filters = fc.sample(ruleTrees, { numRuns: 300, seed });
  for (const segment of filters) {
    const [counted] = await countConditions(db, [conditionOf({ segment })], { appKey: 1 }, 1_000);
    const matching = expected((pair) => holdsRules(segment, pair, world));
    const users = [...new Set(matching.map((name) => Number(name.split("/")[0])))];
    const devices = matching.flatMap((name) => {
      const [user, device] = name.split("/");
      return device === "" ? [] : [people[Number(user)]?.devices[Number(device)]];
    });
    const reached = devices.filter((device) => !device?.isUninstalled);
    assert.deepEqual(
      { ...counted, samples: new Set(counted?.samples).size },
      {
        users: users.length,
        installations: devices.length,
        reach: {
          inbox: reached.length,
          push: reached.filter((device) => device?.token === "active").length,
          email: users.filter((user) => people[user]?.email).length,
          ...{ sms: 0, whatsapp: 0 },
        },
        samples: users.length,
      },
      JSON.stringify(segment),
    );
    assert.equal(await countUsers(db, conditionOf({ segment }), { appKey: 1 }), users.length);
    assert.equal(await countInstallations(db, conditionOf({ segment }), { appKey: 1 }), devices.length);
    // The shares of the keys add up to all.
    const middle = "80000000-0000-0000-0000-000000000000";
    const halves = await Promise.all(
      [{ below: middle }, { from: middle }].map((range) =>
        countConditions(db, [conditionOf({ segment })], { appKey: 1, ...range }, 0),
      ),
    );
    const sum = halves.flat().reduce((total, half) => total + half.users + half.installations, 0);
    assert.equal(sum, users.length + devices.length, JSON.stringify(segment));
  }
});

test("no SQL is built from a value", () => {
  const needle = "needle4711";
  const filters = fc.sample(fc.oneof(wheres, ruleTrees), { numRuns: 300, seed });
  // Every text that is no name of a field or an operator.
  const planted = filters.map((filter) =>
    JSON.parse(JSON.stringify(filter, (key, value) => (isValue(key, value) ? needle : value))),
  );
  let seen = 0;
  for (const filter of planted) {
    const parsed = parseFilter(
      "and" in filter || !("all" in filter || "any" in filter) ? { target: filter } : { segment: filter },
      vocabulary,
    );
    if (!parsed.ok) continue;
    const { text, values } = matchingPairs(parsed.condition, { appKey: 1 });
    assert.ok(!text.includes(needle), text);
    if (JSON.stringify(values).includes(needle)) seen += 1;
  }
  assert.ok(seen > 20, String(seen));
});

const isValue = (key: string, value: unknown) =>
  typeof value === "string" && !["name", "operator", "unit", "within", "from", "to", "options"].includes(key);
