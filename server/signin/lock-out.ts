import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { Problem } from "../lib/problem.ts";

/** Wrong passwords in a row after which nobody gets in, not even with the right one, and for how long. */
const maxFailures = 10;
const lockedForMs = 15 * 60_000;

/** Refuses an address that was tried too often. It says the same of addresses that nobody has. */
export async function requireUnlocked(db: Queryable, email: string, now: Date): Promise<void> {
  const { rows } = await db.query<{ lastAt: Date }>(sql`
    select last_at as "lastAt" from sign_in_failures
    where email = ${email.toLowerCase()} and failures >= ${maxFailures}
      and last_at > ${new Date(now.getTime() - lockedForMs)}`);
  const [locked] = rows;
  if (!locked) return;
  const minutes = Math.ceil((locked.lastAt.getTime() + lockedForMs - now.getTime()) / 60_000);
  throw new Problem(
    "too_many_requests",
    `The password of this account was wrong ${maxFailures} times, so nobody can sign in with it for ${minutes} more ${minutes === 1 ? "minute" : "minutes"}. An operator can open it at once: npx chapar admin reset-password ${email}`,
  );
}

/** Counts a wrong password; true when it was the one that locks. */
export async function countFailure(db: Queryable, email: string, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ failures: number }>(sql`
    insert into sign_in_failures as f (email, failures, last_at) values (${email.toLowerCase()}, 1, ${now})
    on conflict (email) do update set
      failures = case when f.last_at < ${new Date(now.getTime() - lockedForMs)} then 1 else f.failures + 1 end,
      last_at = excluded.last_at
    returning failures`);
  return rows[0]?.failures === maxFailures;
}

export async function forgetFailures(db: Queryable, email: string): Promise<void> {
  await db.query(sql`delete from sign_in_failures where email = ${email.toLowerCase()}`);
}
