import sql from "sql-template-tag";
import { builtInProviders } from "../channels/registry.ts";
import type { Channel, ProviderChannel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import { type AccountState, listAccountStates } from "../providers/state.ts";
import type { MessageRow } from "./queries/messages.ts";
import type { Hold } from "./schema.ts";

/** Why those of a message who are still to be sent to are not, at this moment; null when some of them are. */
export async function findHold(
  db: Queryable,
  appKey: number,
  message: Pick<MessageRow, "messageId" | "channel" | "status" | "haltedDetail">,
  now: Date,
): Promise<Hold | null> {
  const { status, messageId, channel, haltedDetail } = message;
  if (status === "paused" && haltedDetail !== null) return hold("halted", haltedDetail);
  if (status === "paused") return hold("paused", "Somebody paused this message. Resume it to go on.");
  if (status === "finished" || status === "cancelled") return null;
  const groups = await listGroups(db, messageId);
  if (groups.length === 0) groups.push({ channel, tokenService: null, step: 0, due: now });
  const states = new Map<Channel, Promise<AccountState[]>>();
  const statesOf = (of: ProviderChannel) => {
    const known = states.get(of) ?? listAccountStates(db, appKey, of);
    states.set(of, known);
    return known;
  };
  let first: Hold | null = null;
  for (const group of groups) {
    const found = (await holdOfAccounts(statesOf, group, now)) ?? later(group, now);
    if (!found) return null;
    first ??= found;
  }
  return first;
}

const hold = (
  kind: Hold["kind"],
  detail: string,
  { until = null, account = null }: { until?: Date | null; account?: AccountState | null } = {},
): Hold => ({ kind, detail, until: until?.toISOString() ?? null, accountId: account?.id ?? null });

/** Recipients who leave by the same account, and when the first of them is due. */
interface Group {
  channel: Channel;
  tokenService: string | null;
  step: number;
  due: Date;
}

async function listGroups(db: Queryable, messageId: string): Promise<Group[]> {
  const { rows } = await db.query<Group>(sql`
    select channel, token_service as "tokenService", min(step) as step, min(not_before) as due
    from chunks
    where message_id = ${messageId}
    group by channel, token_service
    order by min(step), channel, token_service`);
  return rows;
}

const providers = builtInProviders();

async function holdOfAccounts(
  statesOf: (channel: ProviderChannel) => Promise<AccountState[]>,
  { channel, tokenService }: Group,
  now: Date,
): Promise<Hold | null> {
  if (channel === "inbox") return null;
  const takers = (await statesOf(channel)).filter(({ provider }) => {
    const services: readonly string[] | null | undefined = providers.find(provider)?.tokenServices;
    return tokenService === null || !services || services.includes(tokenService);
  });
  if (takers.some(({ status }) => status === "active")) return null;
  const what = tokenService === null ? channel : `${channel} (${tokenService})`;
  const [account] = takers;
  if (!account) return hold("no_account", `No account of a provider serves ${what}. Add one.`);
  switch (account.status) {
    case "off":
      return hold("account_paused", `Every account for ${what} is switched off. Switch one on to go on.`, {
        account,
      });
    case "misconfigured":
      return hold("account_paused", `${account.name} does not send: ${account.detail}`, { account });
    case "resting":
      return account.restsUntil && account.restsUntil > now
        ? hold(
            "account_waits",
            `${account.name} rests: ${account.detail ?? "its provider asked for a pause."}`,
            {
              ...{ account, until: account.restsUntil },
            },
          )
        : null;
    case "active":
      return null;
  }
}

/** When the first of its recipients is due, where none is now. */
function later({ step, due }: Group, now: Date): Hold | null {
  if (due <= now) return null;
  return step > 0
    ? hold("later_step", "Waits to see whether the message is shown.", { until: due })
    : hold("another_attempt", "The provider failed for the rest; they are tried again.", { until: due });
}
