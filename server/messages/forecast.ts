import type { Channel } from "../channels/schema.ts";
import type { Database } from "../db/database.ts";
import { countTopic } from "../installations/installations.ts";
import { type AccountState, listAccountStates } from "../providers/state.ts";
import { countFilter } from "../segments/count.ts";
import { resolveFilter } from "../segments/resolve.ts";
import type { CountRequest } from "../segments/schema.ts";
import { listAudienceSample } from "../segments/segments.ts";
import { allNeeds } from "../templates/needs.ts";
import { findUsersToReach } from "../users/to-reach.ts";
import { readerOf } from "./judge.ts";
import { type Filter, recipientsAre, type SendPlan } from "./plans.ts";
import type { MessageContent } from "./schema.ts";
import { variablesOfSample } from "./variables-for.ts";
import { readWriting } from "./writing.ts";

/** What sending something now would come to. */
export interface Forecast {
  /** Devices or users that would be frozen. */
  recipients: number;
  /** Of them those who can be reached on the channel. */
  reached: number;
  /** Of the channel, the one that is used first; null where none is there, or none is needed. */
  account: AccountState | null;
}

/** Numbers within 300 ms: about right where the audience is large. Throws the faults of its filter. */
export async function forecast(
  db: Database,
  appKey: number,
  { channel, topic, to }: Pick<SendPlan, "channel" | "topic" | "to">,
): Promise<Forecast> {
  const [account = null] = channel === "inbox" ? [] : await listAccountStates(db, appKey, channel);
  if (to.kind === "users") throw new Error("named users are counted when they are sent to");
  if (to.kind === "topic") {
    const recipients = await countTopic(db, appKey, topic);
    return { recipients, reached: recipients, account };
  }
  const counted = await countFilter(db, appKey, {
    ...to.filter,
    estimate: true,
    perRule: false,
  } as CountRequest);
  const recipients = recipientsAre(channel) === "user" ? counted.users : counted.installations;
  return { recipients, reached: Math.min(recipients, counted.reach[channel]), account };
}

const sampledUsers = 200;

/** The share of an audience, from 0 to 1, that has no value for a variable of a text; 0 where it has none. */
export async function shareWithGaps(
  db: Database,
  appKey: number,
  { content, filter }: { content: MessageContent; filter: Filter },
): Promise<number> {
  const writing = readWriting({ ...content, missing: "skip" });
  if (!writing.isPersonal) return 0;
  const { condition } = await resolveFilter(db, appKey, filter);
  const keys = await listAudienceSample(db, appKey, condition, sampledUsers);
  const users = [...(await findUsersToReach(db, appKey, keys)).values()];
  if (users.length === 0) return 0;
  const readers = users.map((user) => readerOf(null, user));
  const needs = allNeeds(readers.map((reader) => writing.needs(reader)));
  const variables = await variablesOfSample(db, appKey, needs, users);
  const gaps = users.filter((user, index) => {
    const written = writing.write(variables(user), readers[index]);
    return !written.ok && written.reason === "missing_variable";
  });
  return gaps.length / users.length;
}

/** Whether a channel needs an account of a provider. */
export const needsAccount = (channel: Channel): boolean => channel !== "inbox";
