import sql from "sql-template-tag";
import type { Role } from "../accounts/roles.ts";
import type { Queryable } from "../db/database.ts";

export interface InvitationRow {
  id: string;
  appKey: number;
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

const columns = sql`
  invitation_id as id, app_key as "appKey", email, role, invited_by as "invitedBy", created_at as "createdAt",
  expires_at as "expiresAt"`;

/** Those that were not taken, also when they have expired; the newest first. */
export async function listInvitationRows(db: Queryable, appKey: number): Promise<InvitationRow[]> {
  const { rows } = await db.query<InvitationRow>(sql`
    select ${columns} from invitations
    where app_key = ${appKey} and accepted_at is null
    order by invitation_id desc
    limit 200`);
  return rows;
}

/** Takes the place of an earlier one to the same address. */
export async function insertInvitation(
  db: Queryable,
  row: InvitationRow & { codeHash: Buffer },
): Promise<void> {
  await db.query(sql`
    delete from invitations where app_key = ${row.appKey} and email = ${row.email} and accepted_at is null`);
  await db.query(sql`
    insert into invitations (invitation_id, app_key, code_hash, email, role, invited_by, created_at, expires_at)
    values (${row.id}, ${row.appKey}, ${row.codeHash}, ${row.email}, ${row.role}, ${row.invitedBy},
      ${row.createdAt}, ${row.expiresAt})`);
}

export async function deleteInvitation(
  db: Queryable,
  appKey: number,
  id: string,
): Promise<{ email: string; role: Role } | null> {
  const { rows } = await db.query<{ email: string; role: Role }>(sql`
    delete from invitations where app_key = ${appKey} and invitation_id = ${id} and accepted_at is null
    returning email, role`);
  return rows[0] ?? null;
}

/** One that may still be taken. */
export async function findInvitation(
  db: Queryable,
  codeHash: Buffer,
  now: Date,
): Promise<(InvitationRow & { app: string; hasAccount: boolean }) | null> {
  const { rows } = await db.query<InvitationRow & { app: string; hasAccount: boolean }>(sql`
    select ${columns},
      (select name from apps a where a.app_key = i.app_key) as app,
      exists (select from auth."user" u where u.email = i.email) as "hasAccount"
    from invitations i
    where code_hash = ${codeHash} and accepted_at is null and expires_at > ${now}`);
  return rows[0] ?? null;
}

/** Marks it as taken; of two who try only one gets it. */
export async function redeemInvitation(
  db: Queryable,
  codeHash: Buffer,
  now: Date,
): Promise<InvitationRow | null> {
  const { rows } = await db.query<InvitationRow>(sql`
    update invitations set accepted_at = ${now}
    where code_hash = ${codeHash} and accepted_at is null and expires_at > ${now}
    returning ${columns}`);
  return rows[0] ?? null;
}
