import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import fc from "fast-check";
import sql from "sql-template-tag";
import { emptyImports, importFile, type Json } from "../testing/imports.ts";
import { startTestProduct, type TestProduct } from "../testing/product.ts";
import { dropPartitionsBefore, keptSince } from "./partitions.ts";

let product: TestProduct;
before(async () => {
  product = await startTestProduct();
});
after(() => product.stop());
beforeEach(async () => {
  await emptyImports(product.db);
  await inZone("UTC");
});

const inZone = (zone: string) => product.db.query(sql`update apps set time_zone = ${zone}`);
const get = async (path: string, status = 200): Promise<Json> => {
  const answer = await product.call("GET", `/api/events${path}`);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
interface Happening {
  userId: string;
  name: string;
  at: string | number;
  value?: number;
}
const track = async (happenings: readonly Happening[]) => {
  const body = happenings.map(({ userId, name, at, value }, index) => ({
    ...{ userId, eventName: name, eventTime: at, eventId: `e${index}` },
    eventData: value === undefined ? {} : { value },
  }));
  const answer = await product.call("POST", "/api/installations/trackBulk", body);
  assert.equal(answer.body.n, happenings.length, JSON.stringify(answer.body));
};

test("names come with what they add up to, the commonest first", async () => {
  await track([
    { userId: "a", name: "view", at: "2026-03-01T10:00:00Z" },
    { userId: "b", name: "view", at: "2026-03-02T10:00:00Z" },
    { userId: "a", name: "view", at: "2026-03-03T10:00:00Z" },
    { userId: "a", name: "Buy", at: "2026-03-03T10:00:00Z", value: 4 },
    { userId: "a", name: "Buy", at: "2026-03-04T10:00:00Z", value: 8 },
  ]);
  const { data } = await get("");
  assert.deepEqual(data, [
    {
      ...{ name: "view", count: 3, users: 2, sum: 0, average: null },
      ...{ firstAt: "2026-03-01T10:00:00.000Z", lastAt: "2026-03-03T10:00:00.000Z" },
    },
    {
      ...{ name: "Buy", count: 2, users: 1, sum: 12, average: 6 },
      ...{ firstAt: "2026-03-03T10:00:00.000Z", lastAt: "2026-03-04T10:00:00.000Z" },
    },
  ]);
  assert.deepEqual(
    (await get("?search=bu")).data.map(({ name }: Json) => name),
    ["Buy"],
  );
});

test("days begin in the app's time zone, and every interval of the range is there", async () => {
  await inZone("Asia/Tehran"); // +03:30
  await track([
    { userId: "a", name: "buy", at: "2026-03-01T20:29:59.999Z", value: 10 }, // March 1st, 23:59:59
    { userId: "a", name: "buy", at: "2026-03-01T20:30:00Z", value: 20 }, // March 2nd
    { userId: "b", name: "buy", at: "2026-03-02T10:00:00Z" },
    { userId: "b", name: "buy", at: "2026-03-04T20:29:00Z", value: 30 },
    { userId: "b", name: "buy", at: "2026-03-04T20:31:00Z", value: 40 }, // March 5th: outside
  ]);
  const series = await get("/buy/series?from=2026-03-01&to=2026-03-04");
  assert.equal(series.timeZone, "Asia/Tehran");
  assert.equal(series.from, "2026-02-28T20:30:00.000Z");
  assert.deepEqual(
    series.points.map(({ at, count, users, sum, average }: Json) => [at, count, users, sum, average]),
    [
      ["2026-02-28T20:30:00.000Z", 1, 1, 10, 10],
      ["2026-03-01T20:30:00.000Z", 2, 2, 20, 20],
      ["2026-03-02T20:30:00.000Z", 0, 0, 0, null],
      ["2026-03-03T20:30:00.000Z", 1, 1, 30, 30],
    ],
  );
  assert.deepEqual(series.total, { count: 4, users: 2, sum: 60, average: 20 });
  const hours = await get("/buy/series?from=2026-03-01&to=2026-03-01&interval=hour");
  assert.equal(hours.points.length, 24);
  assert.equal(hours.points[23].count, 1);
});

test("a day with a change of the clocks is one day", async () => {
  await inZone("Europe/Berlin");
  await track([{ userId: "a", name: "buy", at: "2026-03-29T21:30:00Z" }]); // 23:30 in summer time
  const { points } = await get("/buy/series?from=2026-03-28&to=2026-03-30");
  assert.deepEqual(
    points.map(({ at, count }: Json) => [at, count]),
    [
      ["2026-03-27T23:00:00.000Z", 0],
      ["2026-03-28T23:00:00.000Z", 1],
      ["2026-03-29T22:00:00.000Z", 0],
    ],
  );
});

test("analyses can be narrowed to a segment", async () => {
  await importFile(product, ["userId", "a", "b"], { format: "generic", segment: "Two" });
  await track(
    ["a", "b", "c"].flatMap((userId, index) => [
      { userId, name: "view", at: `2026-03-0${index + 1}T10:00:00Z` },
      { userId, name: "buy", at: `2026-03-0${index + 2}T10:00:00Z`, value: index },
    ]),
  );
  const within = "from=2026-03-01&to=2026-03-05&segment=Two";
  const { total, points } = await get(`/buy/series?${within}`);
  assert.deepEqual(total, { count: 2, users: 2, sum: 1, average: 0.5 });
  assert.deepEqual(
    points.map(({ count }: Json) => count),
    [0, 1, 1, 0, 0],
  );
  assert.deepEqual(
    (await get(`/funnel?step=view&step=buy&${within}`)).steps.map(({ users }: Json) => users),
    [2, 2],
  );
  const { cohorts } = await get(`/cohort?first=view&return=buy&interval=day&${within}`);
  assert.deepEqual(
    cohorts.map(({ users }: Json) => users),
    [1, 1, 0, 0, 0],
  );
  assert.match((await get(`/buy/series?segment=None`, 422)).errors[0].pointer, /segment/);
});

const start = Date.UTC(2026, 2, 2); // a Monday
const hour = 3_600_000;
const happening = fc.record({
  userId: fc.constantFrom("a", "b", "c", "d"),
  name: fc.constantFrom("one", "two", "three"),
  hours: fc.integer({ min: 0, max: 21 * 24 - 1 }),
});
/** No two of a user at one moment: which came first is then nobody's to say. */
const happenings = fc
  .uniqueArray(happening, {
    minLength: 1,
    maxLength: 40,
    selector: ({ userId, hours }) => `${userId}${hours}`,
  })
  .map((all) => all.map(({ hours, ...rest }) => ({ ...rest, at: start + hours * hour })));
const range = `from=${new Date(start).toISOString()}&to=${new Date(start + 21 * 24 * hour).toISOString()}`;

/** By trying every choice of events, one a step. */
function cameSoFar(
  all: readonly (Happening & { at: number })[],
  steps: readonly string[],
  withinMs: number,
): number[] {
  const furthest = (own: typeof all) => {
    let most = 0;
    const walk = (step: number, last: number, first: number) => {
      most = Math.max(most, step);
      for (const { name, at } of own) {
        if (name !== steps[step] || at <= last) continue;
        const begun = step === 0 ? at : first;
        if (at - begun <= withinMs) walk(step + 1, at, begun);
      }
    };
    walk(0, Number.NEGATIVE_INFINITY, 0);
    return most;
  };
  const users = [...new Set(all.map(({ userId }) => userId))];
  const reached = users.map((userId) => furthest(all.filter((event) => event.userId === userId)));
  return steps.map((_, index) => reached.filter((depth) => depth > index).length);
}

test("a funnel counts who could come as far, whatever their other events are", async () => {
  await fc.assert(
    fc.asyncProperty(
      happenings,
      fc.array(fc.constantFrom("one", "two", "three"), { minLength: 2, maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 100 })),
      async (all, steps, withinHours) => {
        await emptyImports(product.db);
        await track(all);
        const query = `${steps.map((step) => `step=${step}`).join("&")}&${range}`;
        const funnel = await get(
          `/funnel?${query}${withinHours === null ? "" : `&withinHours=${withinHours}`}`,
        );
        assert.deepEqual(
          funnel.steps.map(({ users }: Json) => users),
          cameSoFar(all, steps, withinHours === null ? Number.POSITIVE_INFINITY : withinHours * hour),
        );
        const any = await get(`/funnel?${query}&order=any`);
        const users = [...new Set(all.map(({ userId }) => userId))];
        const did = (userId: string, step: string) =>
          all.some((event) => event.userId === userId && event.name === step);
        assert.deepEqual(
          any.steps.map((step: Json) => step.users),
          steps.map(
            (_, index) =>
              users.filter((id) => steps.slice(0, index + 1).every((step) => did(id, step))).length,
          ),
        );
      },
    ),
    { numRuns: 25 },
  );
});

test("cohorts count who came back in which week after their first time", async () => {
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      await emptyImports(product.db);
      await track(all);
      const { cohorts } = await get(`/cohort?first=one&return=two&interval=week&${range}`);
      const weekOf = (at: number) => Math.floor((at - start) / (7 * 24 * hour));
      const expected = [0, 1, 2].map((week) => {
        const members = new Map<string, number>();
        for (const { userId, name, at } of all)
          if (name === "one") members.set(userId, Math.min(members.get(userId) ?? at, at));
        const ofWeek = [...members].filter(([, at]) => weekOf(at) === week);
        return {
          users: ofWeek.length,
          returned: [0, 1, 2].slice(week).map((_, later) => {
            const back = (id: string, first: number) =>
              all.some(
                ({ userId, name, at }) =>
                  userId === id && name === "two" && at > first && weekOf(at) === week + later,
              );
            return ofWeek.filter(([id, first]) => back(id, first)).length;
          }),
        };
      });
      assert.deepEqual(
        cohorts.map(({ users, returned }: Json) => ({ users, returned })),
        expected,
      );
    }),
    { numRuns: 25 },
  );
});

test("what cannot be shown is said with the cure", async () => {
  await track([{ userId: "a", name: "buy", at: "2026-03-01T10:00:00Z" }]);
  assert.match(
    (await get("/bye/series", 404)).detail,
    /no event "bye" in this app; GET \/api\/events lists all/,
  );
  assert.match((await get("/buy/series?from=soon", 422)).detail, /expected a moment or a day/);
  assert.match((await get("/buy/series?from=2026-03-02&to=2026-03-01", 422)).detail, /must be before `to`/);
  assert.match((await get("/buy/series?from=2000-01-01&interval=hour", 422)).detail, /choose a longer one/);
  assert.match((await get("/funnel?step=buy", 422)).detail, /at least two steps/);
  assert.match((await get("/cohort?first=buy", 422)).detail, /return/);
});

test("events beyond what is kept are dropped, and the behaviours they made stay", async () => {
  await track([
    { userId: "a", name: "buy", at: "2019-05-01T10:00:00Z", value: 1 },
    { userId: "a", name: "buy", at: "2025-05-01T10:00:00Z", value: 2 },
    { userId: "a", name: "buy", at: "2026-11-01T10:00:00Z", value: 4 },
  ]);
  const since = keptSince(new Date("2026-11-22T00:00:00Z"), 12);
  assert.equal(since.toISOString(), "2025-11-01T00:00:00.000Z");
  assert.deepEqual(await dropPartitionsBefore(product.db, since), ["events_2019", "events_2025_05"]);
  assert.deepEqual(await dropPartitionsBefore(product.db, since), []);
  const { data } = (await product.call("GET", "/api/users/a/timeline")).body;
  assert.deepEqual(
    data.map(({ value }: Json) => value),
    [4],
  );
  const [behaviour] = (await product.call("GET", "/api/users/a/behaviours")).body.data;
  assert.deepEqual([behaviour.count, behaviour.sum], [3, 7]);
  // A partition that was dropped is made again when it is needed.
  await track([{ userId: "b", name: "buy", at: "2025-05-01T10:00:00Z" }]);
});
