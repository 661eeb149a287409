import type { Channel } from "../channels/schema.ts";
import type { Database } from "../db/database.ts";
import { countTopic } from "../installations/installations.ts";
import { listPromoSets } from "../promo/upload.ts";
import { type AccountState, listAccountStates } from "../providers/state.ts";
import { countFilter } from "../segments/count.ts";
import { resolveFilter } from "../segments/resolve.ts";
import type { CountRequest } from "../segments/schema.ts";
import { listAudienceSample } from "../segments/segments.ts";
import { findUsersToReach } from "../users/to-reach.ts";
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
  const variables = await variablesOfSample(db, appKey, writing.needs, users);
  const gaps = users.filter((user) => {
    const written = writing.write(variables(user));
    return !written.ok && written.reason === "missing_variable";
  });
  return gaps.length / users.length;
}

/** How many promo codes are left for a text, those of its track and of the app together; null where it speaks of none. */
export async function codesLeft(
  db: Database,
  appKey: number,
  { content, trackId }: Pick<SendPlan, "content" | "trackId">,
): Promise<number | null> {
  const { needs } = readWriting(content);
  if (!needs.promo || content.promo?.fallback !== undefined) return null;
  const sets = await listPromoSets(db, appKey, undefined);
  return sets
    .filter((set) => set.trackId === null || set.trackId === trackId)
    .reduce((sum, { left }) => sum + left, 0);
}

/** Whether a channel needs an account of a provider. */
export const needsAccount = (channel: Channel): boolean => channel !== "inbox";
