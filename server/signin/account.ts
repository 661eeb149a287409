import { v7 as uuidv7 } from "uuid";
import { insertMember, listApps } from "../accounts/apps.ts";
import { hashSecret } from "../accounts/tokens.ts";
import type { Database, Queryable } from "../db/database.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { recordOfAccount } from "../team/history.ts";
import { findInvitation, redeemInvitation } from "../team/invitations.ts";
import type { Auth } from "./auth.ts";
import { forgetFailures } from "./lock-out.ts";
import { checkPasswordStrength } from "./password-strength.ts";
import {
  deleteSessions,
  findAccountByEmail,
  findPasswordHash,
  insertAccount,
  listSessionRows,
  redeemSignInCode,
  releaseSignInCode,
  removeSecondFactor,
  renameAccount,
  setPasswordHash,
} from "./queries.ts";
import type {
  FirstSignIn,
  InvitationAnswer,
  InvitationShown,
  PasswordChange,
  PasswordProof,
  SecondFactor,
  SignedInDevice,
} from "./schema.ts";
import { codeProblem, type FoundSession } from "./sessions.ts";

/** What second factors are made by. */
interface Parts {
  db: Database;
  auth: Auth;
}

/** Makes an account; without a password it signs in with the company's provider. Answers its id. */
async function makeAccount(
  db: Queryable,
  details: { name: string; email: string; password: string | null },
): Promise<string> {
  const id = uuidv7();
  const now = new Date();
  const { name, password } = details;
  await insertAccount(db, { id, name, email: details.email.toLowerCase(), now });
  if (password !== null) await setPasswordHash(db, { accountId: id, hash: await hash(password), now });
  return id;
}

/** Scrypt, as better-auth checks it; loaded only when it is wanted. */
const hash = async (password: string): Promise<string> =>
  (await import("better-auth/crypto")).hashPassword(password);

/** Makes an account that owns every app there is. */
export async function createOwner(
  db: Database,
  details: { name: string; email: string; password: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const accountId = await makeAccount(tx, details);
    const now = new Date();
    for (const { appKey } of await listApps(tx))
      await insertMember(tx, { appKey, accountId, role: "owner", now });
    const { email } = details;
    await recordOfAccount(tx, {
      ...{ email, actor: email.toLowerCase(), action: "account.joined", detail: { role: "owner" }, now },
    });
  });
}

/** The account of the one-time link that the first start prints. */
export async function createFirstAccount(db: Database, details: FirstSignIn): Promise<void> {
  await checkPasswordStrength(details.password, { ...details, pointer: "/password" });
  const codeHash = hashSecret(details.code);
  if (!(await redeemSignInCode(db, codeHash, new Date())))
    throw new Problem("sign_in_link_used", "This sign-in link was used already or has expired.");
  try {
    await createOwner(db, details);
  } catch (error) {
    // The code must not be lost to a passing fault of the database.
    await releaseSignInCode(db, codeHash);
    throw error;
  }
}

/** What an invitation is about, for who has its link. */
export async function showInvitation(db: Queryable, code: string): Promise<InvitationShown> {
  const found = await findInvitation(db, hashSecret(code), new Date());
  if (!found) throw goneInvitation();
  const { email, app, role, invitedBy, hasAccount } = found;
  return { email, app, role, invitedBy, hasAccount };
}

const goneInvitation = () =>
  new Problem(
    "sign_in_link_used",
    "This invitation was used, taken back or has expired; ask who sent it for another.",
  );

/** Lets somebody into the app: a new account, or the one that is signed in. */
export async function acceptInvitation(
  db: Database,
  { code, name, password }: InvitationAnswer,
  { signedIn, hasCompany }: { signedIn: FoundSession | null; hasCompany: boolean },
): Promise<{ email: string }> {
  const codeHash = hashSecret(code);
  const shown = await findInvitation(db, codeHash, new Date());
  if (!shown) throw goneInvitation();
  const { email } = shown;
  if (shown.hasAccount && signedIn?.session.account.email !== email)
    throw new Problem("unauthorized", `Sign in as ${email}, and open the link again.`);
  if (!shown.hasAccount) await checkNewcomer({ name, password, email }, hasCompany);
  await db.transaction(async (tx) => {
    const now = new Date();
    const taken = await redeemInvitation(tx, codeHash, now);
    if (!taken) throw goneInvitation();
    const accountId = shown.hasAccount
      ? (signedIn?.accountId ?? "")
      : await makeAccount(tx, { name: name ?? email, email, password: password ?? null });
    await insertMember(tx, { appKey: taken.appKey, accountId, role: taken.role, now });
    await recordOfAccount(tx, {
      ...{ email, actor: email, action: "account.joined", now },
      detail: { role: taken.role, invitedBy: taken.invitedBy },
    });
  });
  return { email };
}

async function checkNewcomer(
  { name, password, email }: { name: string | undefined; password: string | undefined; email: string },
  hasCompany: boolean,
): Promise<void> {
  const missing = [
    ...(name === undefined ? [{ pointer: "/name", detail: "is missing" }] : []),
    ...(password === undefined && !hasCompany ? [{ pointer: "/password", detail: "is missing" }] : []),
  ];
  if (missing.length > 0) throw validationProblem(missing);
  if (password !== undefined) await checkPasswordStrength(password, { name, email, pointer: "/password" });
}

export async function rename(
  db: Database,
  { accountId, session }: FoundSession,
  name: string,
): Promise<void> {
  const { email, name: before } = session.account;
  if (name === before) return;
  const now = new Date();
  await db.transaction(async (tx) => {
    await renameAccount(tx, accountId, name, now);
    await recordOfAccount(tx, {
      ...{ email, actor: email, action: "account.changed", now },
      detail: { before: { name: before }, after: { name } },
    });
  });
}

/** Changes the password, and signs out everywhere else: whoever knew the old one may be signed in. */
export async function changePassword(
  db: Database,
  found: FoundSession,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  const { email, name } = found.session.account;
  await requirePassword(db, found, { password: currentPassword }, "/currentPassword");
  await checkPasswordStrength(newPassword, { name, email, pointer: "/newPassword" });
  const now = new Date();
  const change = { accountId: found.accountId, hash: await hash(newPassword), now };
  await db.transaction(async (tx) => {
    await setPasswordHash(tx, change);
    await deleteSessions(tx, found.accountId, { except: found.sessionId });
    await recordOfAccount(tx, { email, actor: email, action: "account.password_changed", now });
  });
}

/** Asks for the password once more. Accounts of the company's provider have none: there the session has to do. */
async function requirePassword(
  db: Queryable,
  { accountId }: FoundSession,
  { password }: PasswordProof,
  pointer = "/password",
): Promise<void> {
  const stored = await findPasswordHash(db, accountId);
  if (stored === null) return;
  const { verifyPassword } = await import("better-auth/crypto");
  if (password !== undefined && (await verifyPassword({ hash: stored, password }))) return;
  throw validationProblem([{ pointer, detail: password === undefined ? "is missing" : "is wrong" }]);
}

interface WithCookies<T> {
  body: T;
  setCookies: string[];
}

/** Prepares a second factor. It is asked for once {@link confirmSecondFactor} had a code of it. */
export async function prepareSecondFactor(
  parts: Parts,
  found: FoundSession,
  proof: PasswordProof,
  cookie: string | undefined,
): Promise<WithCookies<SecondFactor>> {
  await requirePassword(parts.db, found, proof);
  const answer = await parts.auth.call("/two-factor/enable", {
    ...{ method: "POST", cookie, body: { ...proof, method: "totp" } },
  });
  if (!answer.ok)
    throw new Problem(
      "conflict",
      "This account has a second factor already; remove it before making another.",
    );
  const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] };
  const secret = new URL(totpURI).searchParams.get("secret") ?? "";
  return { body: { uri: totpURI, secret, backupCodes }, setCookies: answer.headers.getSetCookie() };
}

export async function confirmSecondFactor(
  { db, auth }: Parts,
  found: FoundSession,
  code: string,
  cookie: string | undefined,
): Promise<string[]> {
  const answer = await auth.call("/two-factor/verify-totp", { method: "POST", cookie, body: { code } });
  if (!answer.ok) throw await codeProblem(answer);
  const { email } = found.session.account;
  await recordOfAccount(db, { email, actor: email, action: "account.second_factor_on", now: new Date() });
  return answer.headers.getSetCookie();
}

export async function dropSecondFactor(
  db: Database,
  found: FoundSession,
  proof: PasswordProof,
): Promise<void> {
  await requirePassword(db, found, proof);
  const { email } = found.session.account;
  await db.transaction(async (tx) => {
    await removeSecondFactor(tx, found.accountId);
    await recordOfAccount(tx, { email, actor: email, action: "account.second_factor_off", now: new Date() });
  });
}

/** New backup codes; the earlier ones are worth nothing then. */
export async function renewBackupCodes(
  parts: Parts,
  found: FoundSession,
  proof: PasswordProof,
  cookie: string | undefined,
): Promise<string[]> {
  await requirePassword(parts.db, found, proof);
  const answer = await parts.auth.call("/two-factor/generate-backup-codes", {
    ...{ method: "POST", cookie, body: proof },
  });
  if (!answer.ok) throw new Problem("conflict", "This account has no second factor to have codes for.");
  const { email } = found.session.account;
  await recordOfAccount(parts.db, {
    ...{ email, actor: email, action: "account.backup_codes_renewed", now: new Date() },
  });
  return ((await answer.json()) as { backupCodes: string[] }).backupCodes;
}

/** Where the account is signed in. */
export async function listDevices(db: Database, found: FoundSession): Promise<SignedInDevice[]> {
  const rows = await listSessionRows(db, found.accountId, new Date());
  return rows.map(({ createdAt, lastSeenAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isCurrent: row.id === found.sessionId,
  }));
}

/** Signs out one of them, or all others. */
export async function signOutElsewhere(db: Database, found: FoundSession, id: string | null): Promise<void> {
  const { email } = found.session.account;
  await db.transaction(async (tx) => {
    const which = id === null ? { except: found.sessionId } : { id };
    const ended = await deleteSessions(tx, found.accountId, which);
    if (id !== null && ended === 0) throw new Problem("not_found", "This session has ended already.");
    await recordOfAccount(tx, {
      ...{ email, actor: email, action: "account.signed_out_elsewhere", now: new Date() },
      detail: { sessions: ended },
    });
  });
}

/** What an operator does for somebody who cannot get in: all sessions end, and the lock of wrong passwords opens. */
export async function resetPassword(
  db: Database,
  { email, password, keepsSecondFactor }: { email: string; password: string; keepsSecondFactor: boolean },
): Promise<boolean> {
  const account = await findAccountByEmail(db, email);
  if (!account) return false;
  const now = new Date();
  const change = { accountId: account.id, hash: await hash(password), now };
  await db.transaction(async (tx) => {
    await setPasswordHash(tx, change);
    if (!keepsSecondFactor) await removeSecondFactor(tx, account.id);
    await deleteSessions(tx, account.id, { except: null });
    await forgetFailures(tx, email);
    await recordOfAccount(tx, {
      ...{ email: account.email, actor: "operator (command line)", action: "account.password_reset" },
      ...{ detail: { secondFactorRemoved: !keepsSecondFactor }, now },
    });
  });
  return true;
}
