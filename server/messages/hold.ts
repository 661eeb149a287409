import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { AccountState } from "../providers/state.ts";
import type { MessageRow } from "./queries/messages.ts";
import type { Hold } from "./schema.ts";

/** Why queued recipients of a message are not sent to at this moment; null when they are. */
export async function findHold(
  db: Queryable,
  message: Pick<MessageRow, "messageId" | "channel" | "status">,
  accounts: readonly AccountState[],
  now: Date,
): Promise<Hold | null> {
  if (message.status === "paused")
    return { kind: "paused", detail: "Somebody paused this message. Resume it to go on.", until: null };
  if (message.status === "finished" || message.status === "cancelled") return null;
  return (
    (message.channel === "inbox" ? null : holdOfAccounts(message.channel, accounts, now)) ??
    later(db, message, now)
  );
}

function holdOfAccounts(channel: string, accounts: readonly AccountState[], now: Date): Hold | null {
  const [account] = accounts;
  if (!account)
    return {
      kind: "no_account",
      detail: `No account of a provider serves ${channel}. Add one.`,
      until: null,
    };
  if (account.status === "off")
    return {
      kind: "account_paused",
      detail: `Every account for ${channel} is switched off. Switch one on to go on.`,
      until: null,
    };
  if (account.status === "misconfigured")
    return {
      kind: "account_paused",
      detail: `${account.name} does not send: ${account.detail}`,
      until: null,
    };
  if (account.status === "resting" && account.restsUntil && account.restsUntil > now)
    return {
      kind: "account_waits",
      detail: `${account.name} rests: ${account.detail ?? "its provider asked for a pause."}`,
      until: account.restsUntil.toISOString(),
    };
  return null;
}

/** When the first of its recipients is due, where none is now. */
async function later(db: Queryable, { messageId }: { messageId: string }, now: Date): Promise<Hold | null> {
  const { rows } = await db.query<{ step: number; due: Date }>(sql`
    select step, not_before as due from chunks where message_id = ${messageId} order by not_before limit 1`);
  const [first] = rows;
  if (!first || first.due <= now) return null;
  const until = first.due.toISOString();
  return first.step > 0
    ? { kind: "later_step", detail: "Waits to see whether the message is shown.", until }
    : { kind: "another_attempt", detail: "The provider failed for the rest; they are tried again.", until };
}
