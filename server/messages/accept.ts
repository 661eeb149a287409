import type { Sql } from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import type { Database, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { recordTargeted } from "../deliveries/record.ts";
import { countTopic, listRecipients, publicTopic, topicAudience } from "../installations/installations.ts";
import { addJob } from "../jobs/queue.ts";
import { createGroup } from "../lib/group.ts";
import { nilUuid, userKey } from "../lib/keys.ts";
import { countExact } from "../segments/count.ts";
import { resolveFilter } from "../segments/resolve.ts";
import { filterOf } from "../segments/schema.ts";
import { audienceOf } from "../segments/segments.ts";
import { expandRange, expandTask } from "./expand.ts";
import {
  finishMessages,
  insertMessages,
  insertSmallChunks,
  type NewChunk,
  type NewMessage,
} from "./queries.ts";
import type { ByQueryRequest, MessageContent, ToUsersMessage } from "./schema.ts";

/** What a send was accepted as. `count` is the devices in the audience, before opt-outs. */
export interface Accepted {
  messageId: string;
  trackId: string | null;
  count: number;
}

/** The app that sends, and whether its code or a person in the panel asked for it. */
interface App {
  appKey: number;
  appId: string;
  by: "token" | "session";
}

const chunkSize = 1_000;
/** Up to here the audience is frozen before the answer, beyond by a job that starts at once. */
const expandAtOnce = 5_000;
const allTopics = "default";

export interface Acceptance {
  /**
   * Accepts messages to users, all or none of them: message and audience are durable when this returns. A user nobody
   * knows, or without a device, gets a failed delivery and counts 0. Calls that come together share a transaction.
   */
  toUsers(app: App, requests: readonly ToUsersMessage[]): Promise<Accepted[]>;
  /** Accepts one message to everyone who matches its target. */
  byQuery(app: App, request: ByQueryRequest): Promise<Accepted>;
}

/** Calls that share one transaction, at most. */
const groupSize = 100;

export function createAcceptance(db: Database): Acceptance {
  const group = createGroup((calls: Call[]) => acceptCalls(db, calls), { atMost: groupSize });
  return {
    toUsers: (app, requests) => group({ app, requests }),
    byQuery: (app, request) => acceptByQuery(db, app, request),
  };
}

interface Call {
  app: App;
  requests: readonly ToUsersMessage[];
}

async function acceptCalls(db: Database, calls: readonly Call[]): Promise<Accepted[][]> {
  return db.transaction(async (tx) => {
    const messages: NewMessage[] = [];
    const chunks: NewChunk[] = [];
    const recipients = await recipientsOf(tx, calls);
    const answers: Accepted[][] = [];
    for (const { app, requests } of calls) {
      const accepted: Accepted[] = [];
      for (const request of requests) {
        const users = namedUsers(request);
        if (!users) {
          accepted.push(await acceptTopic(tx, app, request));
          continue;
        }
        const made = toNamedUsers(app, request, users, recipients.get(app.appKey) ?? new Map());
        messages.push(made.message);
        chunks.push(...made.chunks);
        accepted.push({
          messageId: made.message.messageId,
          trackId: made.message.trackId,
          count: made.count,
        });
      }
      answers.push(accepted);
    }
    await insertMessages(tx, messages);
    await insertSmallChunks(tx, chunks);
    await recordTargeted(tx, targetedBy(chunks));
    await announce(
      tx,
      calls.flatMap(({ app }, index) =>
        (answers[index] ?? []).map(({ messageId }) => ({ appKey: app.appKey, messageId })),
      ),
    );
    return answers;
  });
}

async function acceptByQuery(db: Database, app: App, request: ByQueryRequest): Promise<Accepted> {
  return db.transaction(async (tx) => {
    const { filter, segments, condition } = await resolveFilter(tx, app.appKey, filterOf(request));
    const count = await countExact(tx, app.appKey, condition);
    // With the condition as it is now: what becomes of the segments in it makes no difference to the rest of the audience.
    const audience = { ...filter, segments, condition };
    const message = newMessage(app, request, { kind: "target", audience });
    await acceptAudience(tx, message, audienceOf(app.appKey, condition), count);
    const accepted = { messageId: message.messageId, trackId: message.trackId, count };
    await announce(tx, [{ appKey: app.appKey, messageId: accepted.messageId }]);
    return accepted;
  });
}

/** The users a request names, each once; null when it is for everyone in a topic. */
function namedUsers(request: ToUsersMessage): string[] | null {
  if (request.user === "*") return null;
  return [...new Set(request.users ?? [request.user ?? ""])];
}

/** By user id: the user's key, and the keys of their installations. */
type Recipients = Map<string, { userKey: string; installationKeys: string[] }>;

/** The users that the calls name, by app: one question an app, however many calls. */
async function recipientsOf(tx: Transaction, calls: readonly Call[]): Promise<Map<number, Recipients>> {
  const named = new Map<number, Map<string, string>>();
  for (const { app, requests } of calls) {
    const keys = named.get(app.appKey) ?? new Map<string, string>();
    named.set(app.appKey, keys);
    for (const userId of requests.flatMap((request) => namedUsers(request) ?? []))
      keys.set(userId, userKey(app.appId, userId));
  }
  const found = new Map<number, Recipients>();
  for (const [appKey, keys] of named) {
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

function toNamedUsers(app: App, request: ToUsersMessage, users: string[], recipients: Recipients) {
  const message = newMessage(app, request, { kind: "users", audience: { users } });
  const named = new Set<string>();
  const pairs = users.flatMap((userId) => {
    const { userKey, installationKeys } = recipients.get(userId) ?? { userKey: "", installationKeys: [] };
    // Under the id of the guest that they were, they may be named twice.
    if (named.has(userKey)) return [];
    named.add(userKey);
    if (installationKeys.length === 0) return [{ userKey, installationKey: nilUuid, address: userId }];
    return installationKeys.map((installationKey) => ({ userKey, installationKey, address: "" }));
  });
  const chunks: NewChunk[] = [];
  for (let from = 0; from < pairs.length; from += chunkSize) {
    const part = pairs.slice(from, from + chunkSize);
    chunks.push({
      messageId: message.messageId,
      seq: chunks.length,
      appKey: app.appKey,
      userKeys: part.map((pair) => pair.userKey),
      installationKeys: part.map((pair) => pair.installationKey),
      addresses: part.some((pair) => pair.address !== "") ? part.map((pair) => pair.address) : null,
      notBefore: message.createdAt,
    });
  }
  message.status = "running";
  message.expandFrom = null;
  message.nextChunk = chunks.length;
  message.frozenAt = message.createdAt;
  return { message, chunks, count: pairs.filter((pair) => pair.installationKey !== nilUuid).length };
}

async function acceptTopic(tx: Transaction, app: App, request: ToUsersMessage): Promise<Accepted> {
  const topic = publicTopic(request.channel ?? allTopics);
  const message = newMessage(app, request, { kind: "topic", audience: { topic } });
  const count = await countTopic(tx, app.appKey, topic);
  await acceptAudience(tx, message, topicAudience(app.appKey, topic), count);
  return { messageId: message.messageId, trackId: message.trackId, count };
}

/** Stores the message; freezes a small audience at once and leaves a large one to a job. */
async function acceptAudience(
  tx: Transaction,
  message: NewMessage,
  audience: Sql,
  count: number,
): Promise<void> {
  await insertMessages(tx, [message]);
  if (count <= expandAtOnce) {
    const whole = { from: nilUuid, to: null, priority: count <= chunkSize ? 0 : 1, firstSeq: 0 };
    await expandRange(tx, { ...message, audience }, whole, message.createdAt);
    // An empty audience has no chunk whose end would finish it.
    await finishMessages(tx, [message.messageId], message.createdAt);
  } else {
    await addJob(tx, {
      task: expandTask,
      key: message.messageId,
      payload: { messageId: message.messageId, count },
    });
  }
}

function newMessage(
  app: App,
  request: ToUsersMessage | ByQueryRequest,
  { kind, audience }: { kind: NewMessage["audienceKind"]; audience: object },
): NewMessage {
  const createdAt = new Date();
  return {
    messageId: uuidv7(),
    appKey: app.appKey,
    topic: publicTopic(request.channel ?? allTopics),
    audienceKind: kind,
    audience,
    content: contentOf(request),
    source: app.by === "session" ? "panel" : "api",
    trackId: request.trackId ?? null,
    clientId: typeof request.clientId === "string" ? request.clientId : null,
    status: "accepted",
    expandFrom: nilUuid,
    nextChunk: 0,
    expiresAt: request.ttl === undefined ? null : new Date(createdAt.getTime() + request.ttl * 1000),
    createdAt,
    frozenAt: null,
    finishedAt: null,
  };
}

function contentOf(request: ToUsersMessage | ByQueryRequest): MessageContent {
  const { content, data, inApp, live, silent, useAsAlert, alertText, autoNotify, notification } = request;
  return { content, data, inApp, live, silent, useAsAlert, alertText, autoNotify, notification };
}

function targetedBy(chunks: readonly NewChunk[]) {
  const targeted = new Map<string, number>();
  for (const chunk of chunks)
    targeted.set(chunk.messageId, (targeted.get(chunk.messageId) ?? 0) + chunk.userKeys.length);
  return [...targeted].map(([messageId, recipients]) => ({ messageId, recipients }));
}

/** Wakes the workers, and tells panels of the first few messages: they read the list anew anyway. */
async function announce(
  tx: Transaction,
  accepted: readonly { appKey: number; messageId: string }[],
): Promise<void> {
  await notify(tx, "chapar_work");
  for (const { appKey, messageId } of accepted.slice(0, 3)) {
    await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
  }
}
