import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import sql, { join } from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Queryable } from "../db/database.ts";
import type { AuditAction, AuditEntry } from "./audit-schema.ts";

/** Who did something, in which app: the name of an access token, or the e-mail address of an account. */
export interface Actor {
  appKey: number;
  name: string;
}

/** Writes down what was done; answers the id of the entry. */
export async function recordAudit(
  db: Queryable,
  entry: Omit<AuditEntry, "id" | "at"> & { appKey: number; now: Date },
): Promise<string> {
  const id = uuidv7();
  await db.query(sql`
    insert into audit_log (audit_id, app_key, at, actor, action, subject, detail)
    values (${id}, ${entry.appKey}, ${entry.now}, ${entry.actor}, ${entry.action}, ${entry.subject},
      ${JSON.stringify(brief(entry.detail))}::jsonb)`);
  return id;
}

/** {@link recordAudit} of what somebody does at this moment: belongs into the transaction of the change. */
export const record = (
  tx: Queryable,
  { appKey, name: actor }: Actor,
  action: AuditAction,
  subject: string,
  detail: Record<string, unknown>,
): Promise<string> => recordAudit(tx, { appKey, actor, action, subject, detail, now: new Date() });

/**
 * {@link record}, but for one thing that is saved again and again while somebody works on it: what they do to it within
 * an hour, with nobody else between, is one change, from the first `before` to the last `after`.
 */
export async function recordWork(
  tx: Queryable,
  actor: Actor,
  action: AuditAction,
  subject: string,
  { name, before, after }: { name: string; before: object; after: object },
): Promise<void> {
  const now = new Date();
  const { rows } = await tx.query<{ id: string; detail: { before: object } }>(sql`
    select audit_id as id, detail
    from (
      select audit_id, actor, action, at, detail from audit_log
      where app_key = ${actor.appKey} and subject = ${subject}
      order by audit_id desc
      limit 1
    ) as latest
    where actor = ${actor.name} and action = ${action} and at > ${new Date(now.getTime() - 3_600_000)}`);
  const [latest] = rows;
  const change = changeOf({ ...before, ...latest?.detail.before }, after);
  if (!latest) {
    if (change) await record(tx, actor, action, subject, { name, ...change });
    return;
  }
  await tx.query(sql`
    update audit_log
    set at = ${now}, detail = ${JSON.stringify(brief({ name, ...(change ?? { before: {}, after: {} }) }))}::jsonb
    where audit_id = ${latest.id}`);
}

/** What differs, before and after, field by field; null when nothing does. */
export function changeOf(
  before: object,
  after: object,
): { before: Record<string, unknown>; after: Record<string, unknown> } | null {
  // As they are stored: without what is undefined, times as texts.
  const [old, now] = [plain(before), plain(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (name) => !isDeepStrictEqual(brief(old[name] ?? null), brief(now[name] ?? null)),
  );
  const only = (fields: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return names.length > 0 ? { before: only(old), after: only(now) } : null;
}

const plain = (value: object): Record<string, unknown> => JSON.parse(JSON.stringify(value));

const longestText = 1_000;
const mostItems = 50;

/** The same with long texts and lists cut, which would make the history heavy; what was cut can be told by its hash. */
function brief(value: unknown): unknown {
  if (typeof value === "string") return value.length > longestText ? cut(value) : value;
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map(brief);
    return value.length > mostItems ? [...items, `… ${value.length} in all, ${hashOf(value)}`] : items;
  }
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, brief(field)]));
}

/** A text that was cut stays as it is when it is cut again. */
const cut = (text: string): string => {
  const end = ` … ${text.length} characters in all, ${hashOf(text)}`;
  return text.slice(0, longestText - end.length) + end;
};

const hashOf = (value: unknown): string =>
  `sha-256 ${createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16)}`;

/**
 * Forgets somebody who is deleted for good: what was done to them or their addresses is of nobody any more, and where a
 * filter or an audience named them, it names their `stand-in`.
 */
export async function eraseFromAudit(
  tx: Queryable,
  appKey: number,
  { names, standIn }: { names: readonly string[]; standIn: string },
): Promise<void> {
  await tx.query(sql`
    update audit_log set subject = ${standIn}, detail = '{}'
    where app_key = ${appKey} and split_part(action, '.', 1) in ('user', 'suppression')
      and subject = any(${names}::text[])`);
  const mentions = names.map(
    (name) => sql`detail::text like ${`%${escaped(JSON.stringify(name).slice(1, -1))}%`}`,
  );
  const { rows } = await tx.query<{ id: string; detail: unknown }>(sql`
    select audit_id as id, detail from audit_log
    where app_key = ${appKey} and (${join(mentions, " or ")})
    for update`);
  for (const { id, detail } of rows)
    await tx.query(sql`
      update audit_log set detail = ${JSON.stringify(without(detail, new Set(names), { standIn }))}::jsonb
      where audit_id = ${id}`);
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** Where somebody can be named; elsewhere the same text means something else, such as a channel. */
const naming = new Set(["target", "segment", "audience", "users", "user", "to"]);

function without(
  value: unknown,
  names: ReadonlySet<string>,
  { standIn, isNaming = false }: { standIn: string; isNaming?: boolean },
): unknown {
  if (typeof value === "string") return isNaming && names.has(value) ? standIn : value;
  if (Array.isArray(value)) return value.map((item) => without(item, names, { standIn, isNaming }));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      without(field, names, { standIn, isNaming: isNaming || naming.has(name) }),
    ]),
  );
}
