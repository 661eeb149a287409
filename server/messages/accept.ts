import type { Sql } from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { record } from "../accounts/audit.ts";
import type { Channel } from "../channels/schema.ts";
import type { Database, Transaction } from "../db/database.ts";
import { notifyAll } from "../db/notify.ts";
import { recordTargeted } from "../deliveries/record.ts";
import { countTopic, listRecipients, topicAudience } from "../installations/installations.ts";
import { addJob } from "../jobs/queue.ts";
import { createGroup } from "../lib/group.ts";
import { nilUuid, userKey } from "../lib/keys.ts";
import { momentOf } from "../lib/wall-time.ts";
import { countExact } from "../segments/count.ts";
import { resolveFilter } from "../segments/resolve.ts";
import { audienceOf, userAudienceOf } from "../segments/segments.ts";
import { lastClock } from "./dues.ts";
import { expandRange, expandTask, splitOf } from "./expand.ts";
import { nameOf, type RequestKey, rememberAnswer, takeRequestKeys } from "./idempotency.ts";
import { type Filter, type Manner, plainManner, recipientsAre, type SendPlan } from "./plans.ts";
import { finishMessages, insertMessages, type NewMessage } from "./queries/messages.ts";
import { insertChunks, largeSend, type NewChunk, smallSend } from "./queries/new-chunks.ts";
import { smallWork } from "./wake.ts";
import { readWriting } from "./writing.ts";

/** What a send was accepted as. `count` is the devices (or users, where the channel is theirs) before opt-outs. */
export interface Accepted {
  messageId: string;
  trackId: string | null;
  count: number;
}

/** The app that sends, and whether its code or a person in the panel asked for it. */
export interface Sender {
  appKey: number;
  appId: string;
  by: "token" | "session" | "key";
  /** For the history, which has what persons send. */
  name: string;
}

const chunkSize = 1_000;
/** Up to here the audience is frozen before the answer, beyond by a job that starts at once. */
const expandAtOnce = 5_000;

export interface Acceptance {
  /**
   * Accepts messages, all or none of them: message and audience (or the job that freezes it) are durable when this
   * returns. Named users whom nobody knows, or without a device where it takes one, get a failed delivery and count 0.
   * With a key that was accepted before, answers as it was answered then. Calls that come together share a transaction.
   */
  accept(sender: Sender, plans: readonly SendPlan[], key: RequestKey | null): Promise<Accepted[]>;
}

/** Calls that share one transaction, at most. */
const groupSize = 100;

export function createAcceptance(db: Database): Acceptance {
  const group = createGroup((calls: Call[]) => acceptCalls(db, calls), { atMost: groupSize });
  return {
    accept(sender, plans, key) {
      for (const { content } of plans) readWriting(content);
      const call = { sender, plans, key };
      // Counting an audience takes its time, for which the others need not wait.
      const isQuick = plans.every(({ to }) => to.kind === "users");
      return isQuick ? group(call) : acceptCalls(db, [call]).then(([accepted = []]) => accepted);
    },
  };
}

interface Call {
  sender: Sender;
  plans: readonly SendPlan[];
  key: RequestKey | null;
}

async function acceptCalls(db: Database, calls: readonly Call[]): Promise<Accepted[][]> {
  return db.transaction(async (tx) => {
    const { answers, fresh } = await acceptAll(tx, calls);
    for (const { sender, plan, messageId, count } of fresh) {
      // What an access token sends stands in its messages; a row more for each would slow it down.
      if (sender.by !== "session") continue;
      const { channel, topic, to, content } = plan;
      const after = { channel, topic, to, content, count };
      await record(tx, sender, "message.sent", messageId, { before: null, after });
    }
    return answers;
  });
}

/** {@link Acceptance.accept} within the caller's transaction. */
export async function acceptIn(tx: Transaction, sender: Sender, plan: SendPlan): Promise<Accepted> {
  const { answers } = await acceptAll(tx, [{ sender, plans: [plan], key: null }]);
  const accepted = answers[0]?.[0];
  if (!accepted) throw new Error("a message was neither accepted nor refused");
  return accepted;
}

/** What was accepted anew, and not before under the same key. */
type Fresh = Accepted & { sender: Sender; plan: SendPlan };

async function acceptAll(
  tx: Transaction,
  calls: readonly Call[],
): Promise<{ answers: Accepted[][]; fresh: Fresh[] }> {
  const now = new Date();
  const keys = new Map(calls.flatMap(({ key }) => (key ? [[nameOf(key), key] as const] : [])));
  const answered = await takeRequestKeys(tx, [...keys.values()], now);
  const messages: NewMessage[] = [];
  const chunks: NewChunk[] = [];
  const recipients = await recipientsNamed(tx, calls);
  const answers: Accepted[][] = [];
  const fresh: Fresh[] = [];
  for (const { sender, plans, key } of calls) {
    const before = key && answered.get(nameOf(key));
    if (before) {
      answers.push(before as Accepted[]);
      continue;
    }
    const accepted: Accepted[] = [];
    for (const plan of plans) {
      const { to } = plan;
      if (to.kind === "target") accepted.push(await acceptFilter(tx, sender, plan, to.filter, now));
      else if (to.kind === "topic") accepted.push(await acceptTopic(tx, sender, plan, now));
      else {
        const made = toNamedUsers(sender, plan, to.users, recipients.get(sender.appKey) ?? new Map(), now);
        messages.push(made.message);
        chunks.push(...made.chunks);
        accepted.push({ ...made.message, count: made.count });
      }
    }
    const answer = accepted.map(({ messageId, trackId, count }) => ({ messageId, trackId, count }));
    answers.push(answer);
    for (const [index, plan] of plans.entries()) {
      const each = answer[index];
      if (each) fresh.push({ ...each, sender, plan });
    }
    if (key) {
      await rememberAnswer(tx, key, answer);
      // Who sent the same in the same moment gets the same answer.
      answered.set(nameOf(key), answer);
    }
  }
  if (messages.length > 0) await insertMessages(tx, messages);
  await insertChunks(tx, chunks);
  await recordTargeted(tx, targetedBy(chunks), now);
  if (fresh.length > 0) await announce(tx, fresh);
  return { answers, fresh };
}

async function acceptFilter(
  tx: Transaction,
  sender: Sender,
  plan: SendPlan,
  given: Filter,
  now: Date,
): Promise<Accepted> {
  const { appKey } = sender;
  const { filter, segments, condition } = await resolveFilter(tx, appKey, given);
  const by = recipientsAre(plan.channel);
  const count = await countExact(tx, appKey, condition, by);
  // With the condition as it is now: what becomes of the segments in it makes no difference to the rest of the audience.
  const message = newMessage(sender, plan, { ...filter, segments, condition }, now);
  const audience = by === "user" ? userAudienceOf(appKey, condition) : audienceOf(appKey, condition);
  // What follows is for people without a device too: there may be many more of them.
  const people =
    plan.content.fallback && by === "installation" ? await countExact(tx, appKey, condition, "user") : 0;
  return acceptAudience(tx, message, audience, { count, size: Math.max(count, people) });
}

async function acceptTopic(tx: Transaction, sender: Sender, plan: SendPlan, now: Date): Promise<Accepted> {
  const message = newMessage(sender, plan, { topic: plan.topic }, now);
  const count = await countTopic(tx, sender.appKey, plan.topic);
  return acceptAudience(tx, message, topicAudience(sender.appKey, plan.topic), { count, size: count });
}

/** By user id: the user's key, and the keys of their installations. */
type Recipients = Map<string, { userKey: string; installationKeys: string[] }>;

/** The users that the calls name, by app: one question an app, however many calls. */
async function recipientsNamed(tx: Transaction, calls: readonly Call[]): Promise<Map<number, Recipients>> {
  const named = new Map<number, Map<string, string>>();
  for (const { sender, plans } of calls) {
    const keys = named.get(sender.appKey) ?? new Map<string, string>();
    named.set(sender.appKey, keys);
    for (const { to } of plans)
      if (to.kind === "users") for (const userId of to.users) keys.set(userId, userKey(sender.appId, userId));
  }
  const found = new Map<number, Recipients>();
  for (const [appKey, keys] of named) {
    if (keys.size === 0) continue;
    const installations = await listRecipients(tx, appKey, [...keys.values()]);
    found.set(
      appKey,
      new Map(
        [...keys].map(([userId, key]) => [
          userId,
          installations.get(key) ?? { userKey: key, installationKeys: [] },
        ]),
      ),
    );
  }
  return found;
}

/** One of the recipients that a request names. */
interface Named {
  userKey: string;
  installationKey: string;
  /** The id that was asked for, of somebody without a device; else empty. */
  address: string;
}

function toNamedUsers(
  sender: Sender,
  plan: SendPlan,
  users: readonly string[],
  recipients: Recipients,
  now: Date,
) {
  const message = newMessage(sender, plan, { users }, now);
  const named = new Set<string>();
  const persons = users.flatMap((userId) => {
    const person = recipients.get(userId) ?? { userKey: "", installationKeys: [] };
    // Under the id of the guest that they were, they may be named twice.
    if (named.has(person.userKey)) return [];
    named.add(person.userKey);
    return [{ userId, ...person }];
  });
  const isPersonal = recipientsAre(plan.channel) === "user";
  const pairs = persons.flatMap(({ userId, userKey, installationKeys }): Named[] => {
    if (isPersonal) return [{ userKey, installationKey: nilUuid, address: "" }];
    if (installationKeys.length === 0) return [{ userKey, installationKey: nilUuid, address: userId }];
    return installationKeys.map((installationKey) => ({ userKey, installationKey, address: "" }));
  });
  const chunks = chunksOf(message, { channel: plan.channel, step: 0, notBefore: now, firstSeq: 0 }, pairs);
  const { fallback } = plan.content;
  if (fallback) {
    const later = new Date(now.getTime() + fallback.delay * 1000);
    // Who has no device cannot be shown anything first.
    const [without, withDevice] = [
      persons.filter(hasNoDevice),
      persons.filter((person) => !hasNoDevice(person)),
    ];
    for (const [group, notBefore] of [
      [without, now],
      [withDevice, later],
    ] as const) {
      const step = { channel: fallback.channel, step: 1, notBefore, firstSeq: chunks.length };
      const named = group.map(({ userKey }) => ({ userKey, installationKey: nilUuid, address: "" }));
      chunks.push(...chunksOf(message, step, named));
    }
  }
  message.status = "running";
  message.priority = smallSend;
  message.expandFrom = null;
  message.nextChunk = chunks.length;
  message.frozenAt = now;
  const count = isPersonal ? pairs.length : pairs.filter(({ address }) => address === "").length;
  return { message, chunks, count };
}

const hasNoDevice = ({ installationKeys }: { installationKeys: readonly string[] }) =>
  installationKeys.length === 0;

function chunksOf(
  message: NewMessage,
  {
    channel,
    step,
    notBefore,
    firstSeq,
  }: { channel: Channel; step: number; notBefore: Date; firstSeq: number },
  pairs: readonly Named[],
): NewChunk[] {
  const chunks: NewChunk[] = [];
  for (let from = 0; from < pairs.length; from += chunkSize) {
    const part = pairs.slice(from, from + chunkSize);
    chunks.push({
      ...{ messageId: message.messageId, seq: firstSeq + chunks.length, appKey: message.appKey },
      ...{
        channel,
        step,
        variant: 0,
        stage: 0,
        tokenService: null,
        isAlert: false,
        attempt: 0,
        priority: smallSend,
        notBefore,
      },
      userKeys: part.map((pair) => pair.userKey),
      installationKeys: part.map((pair) => pair.installationKey),
      addresses: part.some((pair) => pair.address !== "") ? part.map((pair) => pair.address) : null,
    });
  }
  return chunks;
}

/** Stores the message; freezes a small audience at once and leaves a large one, by its `size`, to a job. */
async function acceptAudience(
  tx: Transaction,
  message: NewMessage,
  audience: Sql,
  { count, size }: { count: number; size: number },
): Promise<Accepted> {
  const { manner } = message;
  // What keeps to a pace is taken chunk by chunk.
  message.priority = size <= chunkSize && manner.throttle === null ? smallSend : largeSend;
  await insertMessages(tx, [message]);
  if (size <= expandAtOnce) {
    const whole = { from: nilUuid, to: null, firstSeq: 0 };
    const { fallback = null } = message.content;
    const { wallTime, throttle, variants } = manner;
    const split = splitOf(
      { ...manner, variants: variants.length },
      message.campaign?.id ?? message.messageId,
    );
    await expandRange(
      tx,
      { ...message, audience, fallback, manner: { split, wallTime, throttle } },
      whole,
      message.createdAt,
    );
    // An empty audience has no chunk whose end would finish it.
    await finishMessages(tx, [message.messageId], message.createdAt);
  } else {
    await addJob(tx, {
      task: expandTask,
      key: message.messageId,
      payload: { messageId: message.messageId, count: size },
    });
  }
  return { messageId: message.messageId, trackId: message.trackId, count };
}

function newMessage(sender: Sender, plan: SendPlan, audience: object, now: Date): NewMessage {
  const manner = plan.manner ?? plainManner;
  return {
    messageId: uuidv7(),
    appKey: sender.appKey,
    channel: plan.channel,
    topic: plan.topic,
    audienceKind: plan.to.kind,
    audience,
    content: plan.content,
    manner,
    source: sender.by === "session" ? "panel" : "api",
    campaign: plan.campaign,
    trackId: plan.trackId,
    clientId: plan.clientId,
    status: "accepted",
    priority: largeSend,
    expandFrom: nilUuid,
    nextChunk: 0,
    expiresAt: plan.ttl === null ? null : new Date(lastDue(manner, now).getTime() + plan.ttl * 1000),
    createdAt: now,
    frozenAt: null,
    finishedAt: null,
  };
}

/** When the last of the recipients are due. */
const lastDue = ({ wallTime }: Manner, now: Date): Date =>
  wallTime === null ? now : momentOf(wallTime, lastClock);

function targetedBy(chunks: readonly NewChunk[]) {
  const targeted = new Map<string, number>();
  for (const chunk of chunks)
    targeted.set(chunk.messageId, (targeted.get(chunk.messageId) ?? 0) + chunk.userKeys.length);
  return [...targeted].map(([messageId, recipients]) => ({ messageId, variant: 0, recipients }));
}

const isSmall = ({ plan }: Fresh): boolean => plan.to.kind === "users";

/** Wakes the workers, and tells panels of the first few messages: they read the list anew anyway. */
async function announce(tx: Transaction, accepted: readonly Fresh[]): Promise<void> {
  await notifyAll(tx, [
    { channel: "chapar_work", payload: accepted.every(isSmall) ? smallWork : "" },
    ...accepted.slice(0, 3).map(({ sender, messageId }) => ({
      ...{ channel: "chapar_changes", payload: `${sender.appKey}:message:${messageId}` },
    })),
  ]);
}
