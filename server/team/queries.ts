import sql from "sql-template-tag";
import type { Role } from "../accounts/roles.ts";
import type { Queryable } from "../db/database.ts";

export interface MemberRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  joinedAt: Date;
  lastSeenAt: Date | null;
  hasSecondFactor: boolean;
}

/** In the order in which they joined. */
export async function listMemberRows(db: Queryable, appKey: number): Promise<MemberRow[]> {
  const { rows } = await db.query<MemberRow>(sql`
    select u.id, u.name, u.email, m.role, m.joined_at as "joinedAt", s.seen_at as "lastSeenAt",
      u."twoFactorEnabled" as "hasSecondFactor"
    from app_members m
    join auth."user" u on u.id = m.account_id
    left join lateral (
      select max("updatedAt") as seen_at from auth."session" where "userId" = u.id
    ) s on true
    where m.app_key = ${appKey}
    order by m.joined_at, u.id`);
  return rows;
}

/** The roles of all members, locked: of two who unmake owners at once the second sees what the first did. */
export async function lockMembers(
  db: Queryable,
  appKey: number,
): Promise<{ accountId: string; email: string; role: Role }[]> {
  const { rows } = await db.query<{ accountId: string; email: string; role: Role }>(sql`
    select m.account_id as "accountId", u.email, m.role
    from app_members m
    join auth."user" u on u.id = m.account_id
    where m.app_key = ${appKey}
    order by m.account_id
    for update of m`);
  return rows;
}

export async function updateRole(
  db: Queryable,
  appKey: number,
  { accountId, role }: { accountId: string; role: Role },
): Promise<void> {
  await db.query(
    sql`update app_members set role = ${role} where app_key = ${appKey} and account_id = ${accountId}`,
  );
}

export async function deleteMember(db: Queryable, appKey: number, accountId: string): Promise<void> {
  await db.query(sql`delete from app_members where app_key = ${appKey} and account_id = ${accountId}`);
}
