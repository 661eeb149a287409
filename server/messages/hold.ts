import sql from "sql-template-tag";
import { builtInProviders } from "../channels/registry.ts";
import type { Channel, ProviderChannel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import { type AccountState, listAccountStates } from "../providers/state.ts";
import { countRest, type MessageRow } from "./queries/messages.ts";
import type { Hold } from "./schema.ts";

/** Why those of a message who are still to be sent to are not, at this moment; null when some of them are. */
export async function findHold(
  db: Queryable,
  appKey: number,
  message: Pick<
    MessageRow,
    "messageId" | "channel" | "status" | "haltedDetail" | "openStage" | "nextAt" | "firstShare" | "decideAt"
  >,
  now: Date,
): Promise<Hold | null> {
  const { status, messageId, channel, haltedDetail } = message;
  if (status === "paused" && haltedDetail !== null) return hold("halted", haltedDetail);
  if (status === "paused") return hold("paused", "Somebody paused this message. Resume it to go on.");
  if (status === "finished" || status === "cancelled") return null;
  const groups = await listGroups(db, message);
  if (groups.length === 0 && message.firstShare !== null && message.openStage === 0)
    if ((await countRest(db, messageId)) > 0) return restHold(message);
  if (groups.length === 0) groups.push({ channel, tokenService: null, step: 0, attempt: 0, due: now });
  const states = new Map<Channel, Promise<AccountState[]>>();
  const statesOf = (of: ProviderChannel) => {
    const known = states.get(of) ?? listAccountStates(db, appKey, of);
    states.set(of, known);
    return known;
  };
  let first: Hold | null = null;
  for (const group of groups) {
    const found = (await holdOfAccounts(statesOf, group, now)) ?? later(group, now) ?? paced(message, now);
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
  attempt: number;
  due: Date;
}

async function listGroups(
  db: Queryable,
  { messageId, openStage }: { messageId: string; openStage: number },
): Promise<Group[]> {
  const { rows } = await db.query<Group>(sql`
    select channel, token_service as "tokenService", min(step) as step, min(attempt) as attempt,
      min(not_before) as due
    from chunks
    where message_id = ${messageId} and stage <= ${openStage}
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
function later({ step, attempt, due }: Group, now: Date): Hold | null {
  if (due <= now) return null;
  if (step > 0) return hold("later_step", "Waits to see whether the message is shown.", { until: due });
  return attempt === 0
    ? hold("their_hour", "The rest get it at their hour: by their own clocks, or after quiet hours.", {
        until: due,
      })
    : hold("another_attempt", "The provider failed for the rest; they are tried again.", { until: due });
}

/** The first part is through, and the rest waits for a word. */
const restHold = ({ decideAt }: Pick<MessageRow, "decideAt">): Hold =>
  decideAt === null
    ? hold("rollout", "The first part has it. Look at how it went, and let the rest have it, or cancel.")
    : hold("winner", "The rest get the better content, once it is found.", { until: decideAt });

/** A pace is a hold only where nothing goes for a good while. */
const longPaceMs = 60_000;

const paced = ({ nextAt }: Pick<MessageRow, "nextAt">, now: Date): Hold | null =>
  nextAt !== null && nextAt.getTime() > now.getTime() + longPaceMs
    ? hold("throttled", "Keeps to the pace that it was given.", { until: nextAt })
    : null;
