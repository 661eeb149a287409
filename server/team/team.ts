import { v7 as uuidv7 } from "uuid";
import { recordAudit } from "../accounts/audit.ts";
import { mayAssign, type Role, rolePermissions } from "../accounts/roles.ts";
import { hashSecret, makeSecret } from "../accounts/tokens.ts";
import type { Database } from "../db/database.ts";
import type { Caller } from "../http/authentication.ts";
import { Problem } from "../lib/problem.ts";
import { deleteInvitation, type InvitationRow, insertInvitation, listInvitationRows } from "./invitations.ts";
import { deleteMember, listMemberRows, lockMembers, updateRole } from "./queries.ts";
import type { CreatedInvitation, Invitation, NewInvitation, Team } from "./schema.ts";

const invitationLivesForMs = 7 * 24 * 3_600_000;

export async function readTeam(db: Database, caller: Caller): Promise<Team> {
  const [members, invitations] = await Promise.all([
    listMemberRows(db, caller.appKey),
    listInvitationRows(db, caller.appKey),
  ]);
  return {
    members: members.map((row) => ({
      ...row,
      joinedAt: row.joinedAt.toISOString(),
      lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
      isYou: row.id === caller.accountId,
    })),
    invitations: invitations.map(shown),
  };
}

/** Asks somebody in; the link is answered once. Asking the same address again makes the earlier link worthless. */
export async function invite(
  db: Database,
  caller: Caller,
  { email: given, role }: NewInvitation,
  publicUrl: string,
): Promise<CreatedInvitation> {
  requireMayAssign(caller, role);
  const email = given.toLowerCase();
  const code = makeSecret("");
  const now = new Date();
  const row: InvitationRow = {
    ...{ id: uuidv7(), appKey: caller.appKey, email, role, invitedBy: caller.name, createdAt: now },
    expiresAt: new Date(now.getTime() + invitationLivesForMs),
  };
  await db.transaction(async (tx) => {
    if ((await lockMembers(tx, caller.appKey)).some((member) => member.email === email))
      throw new Problem("conflict", `${email} is in the team already; change their role there.`, [
        { pointer: "/email", detail: "is in the team already" },
      ]);
    await insertInvitation(tx, { ...row, codeHash: hashSecret(code) });
    await recordAudit(tx, {
      ...{ appKey: caller.appKey, actor: caller.name, action: "invitation.created", subject: row.id, now },
      detail: { before: null, after: { email, role } },
    });
  });
  return { ...shown(row), link: `${publicUrl.replace(/\/$/, "")}/join#code=${code}` };
}

export async function takeBackInvitation(db: Database, caller: Caller, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await deleteInvitation(tx, caller.appKey, id);
    if (!before) throw new Problem("not_found", `There is no open invitation with the id ${id} in this app.`);
    await recordAudit(tx, {
      ...{ appKey: caller.appKey, actor: caller.name, action: "invitation.deleted", subject: id },
      ...{ detail: { before, after: null }, now: new Date() },
    });
  });
}

/** Gives somebody another role, or with null none: then they are out of the team. An app keeps at least one owner. */
export async function changeMember(
  db: Database,
  caller: Caller,
  accountId: string,
  role: Role | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    const members = await lockMembers(tx, caller.appKey);
    const member = members.find((one) => one.accountId === accountId);
    if (!member) throw new Problem("not_found", "There is nobody with this id in the team.");
    requireMayAssign(caller, member.role);
    if (role !== null) requireMayAssign(caller, role);
    const isLastOwner = member.role === "owner" && members.filter((one) => one.role === "owner").length === 1;
    if (isLastOwner && role !== "owner")
      throw new Problem("conflict", "This is the only owner of the app; make somebody else an owner first.");
    if (role === null) await deleteMember(tx, caller.appKey, accountId);
    else await updateRole(tx, caller.appKey, { accountId, role });
    await recordAudit(tx, {
      ...{ appKey: caller.appKey, actor: caller.name, subject: member.email, now: new Date() },
      action: role === null ? "member.removed" : "member.changed",
      detail: { before: { role: member.role }, after: role && { role } },
    });
  });
}

function requireMayAssign(caller: Caller, role: Role): void {
  // A token has no role: it may do what its scopes say, but make no owners.
  if (!mayAssign(caller.role ?? "admin", role))
    throw new Problem("forbidden", "Only an owner can make somebody an owner, or change one.");
  const missing = rolePermissions[role].filter((permission) => !caller.may(permission));
  if (missing.length > 0)
    throw new Problem(
      "forbidden",
      `Nobody gives a role that may do more than they may themselves; this lacks ${missing.join(", ")}.`,
    );
}

const shown = ({ appKey: _, ...row }: InvitationRow): Invitation => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});
