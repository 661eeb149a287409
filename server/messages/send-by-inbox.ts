import { inboxPayload } from "../channels/inbox/payload.ts";
import type { Database, Queryable, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { listHanded } from "../deliveries/deliveries.ts";
import { type NewDelivery, recordDeliveries } from "../deliveries/record.ts";
import { type CurrentInstallation, findCurrentInstallations } from "../installations/installations.ts";
import { findConnected, findListening } from "../installations/presence.ts";
import type { Gate } from "../providers/gate.ts";
import type { InboxMessage, InboxPublisher } from "../realtime/publisher.ts";
import { findUsersToReach, type UserToReach } from "../users/to-reach.ts";
import { alertsOf } from "./alerts.ts";
import { type ToWrite, writeAll } from "./fill-in.ts";
import { deliveryIdOf, readerOf, refusedDevice, releaseUnwritten, unwritten } from "./judge.ts";
import { limit } from "./limits.ts";
import { deleteChunks, moveChunks } from "./queries/chunks.ts";
import type { ClaimedChunk } from "./queries/claims.ts";
import { insertChunks, type NewChunk, smallSend } from "./queries/new-chunks.ts";
import { findRepeatedDevices } from "./repeats.ts";
import type { MessageContent } from "./schema.ts";
import type { Claim } from "./send-by-provider.ts";
import { batches, byApp, chunksLater, keyOf, type Recipient, recipientsOf, type Slice } from "./slices.ts";
import { type Later, type Ruled, ruled } from "./verdict.ts";
import { smallWork } from "./wake.ts";
import type { Writing } from "./writing.ts";

interface Parts {
  db: Database;
  gate: Pick<Gate, "listTokenServices">;
  publisher: InboxPublisher;
  writingOf: (message: ClaimedChunk) => Writing;
  /** Tells panels and finishes messages of chunks that are through. */
  complete: (chunks: readonly ClaimedChunk[]) => Promise<void>;
}

/** Every device is in `default` and in a topic of its own name. */
const isInPrivate = ({ topics, installationId }: CurrentInstallation, topic: string): boolean =>
  topic === installationId || topics?.includes(`private/${topic}`) === true;

/** Whether the device wants what it is sent there only while it is connected. */
const isLive = ({ liveTopics }: CurrentInstallation, { topic, isPrivate }: ClaimedChunk): boolean =>
  liveTopics?.includes(isPrivate ? `private/${topic}` : topic) === true;

/** The topic that nobody can leave but by leaving all. */
const everybodys = "default";
/** Recipients written in one transaction. */
const batchSize = 500;

/**
 * Sends chunks of the inbox: rows first, and then whoever is connected is published to. What was committed but perhaps
 * not published by an earlier worker is published again: devices drop what they have already, by its id.
 */
export async function sendByInbox(parts: Parts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { chunks } = claim;
  await handOverAgain(
    parts,
    chunks
      .filter((chunk) => chunk.handed < chunk.done)
      .map((chunk) => ({ chunk, from: chunk.handed, to: chunk.done })),
  );
  await complete(
    parts,
    claim,
    chunks.filter((chunk) => chunk.done >= chunk.userKeys.length),
  );
  const held = new Set<ClaimedChunk>();
  const all = [...batches(chunks, batchSize)];
  const last = all.at(-1);
  for (const batch of all) {
    if (signal.aborted) return;
    const slices = batch.filter(({ chunk }) => !held.has(chunk));
    if (slices.length === 0) continue;
    const recorded = await record(parts, claim, slices);
    if (!recorded) return;
    const { underWay, toHand } = recorded;
    for (const [appKey, ofApp] of toHand) await handOver(parts, appKey, ofApp);
    if (batch === last) claim.letGo();
    await complete(
      parts,
      claim,
      slices.filter(({ chunk, to }) => to === chunk.userKeys.length).map(({ chunk }) => chunk),
    );
    for (const { chunk } of slices) if (!underWay.has(chunk)) held.add(chunk);
  }
}

/** The leases are somebody else's by now. */
class LeaseLost extends Error {}

/** What a device is given, as long as it is connected. */
interface ToHand {
  recipient: Recipient;
  device: CurrentInstallation;
  content: MessageContent;
}

/**
 * Writes the rows of some recipients with their outcome, and how far their chunks are, in one transaction. Answers the
 * chunks whose message is still to be sent, and what is to be handed over, by app; null when a lease was lost: then
 * nothing was written.
 */
async function record(
  { db, gate, writingOf }: Parts,
  { owner, slot }: Claim,
  slices: readonly Slice[],
): Promise<{ underWay: Set<ClaimedChunk>; toHand: Map<number, ToHand[]> } | null> {
  const moves = slices.map(({ chunk, from, to }) => ({
    ...{ ...keyOf(chunk), done: to, started: to, handed: from, again: [], againAt: null },
  }));
  try {
    // Were it lost in a crash, so were the move of the chunk: it would be sent again, and devices know what they have.
    return await db.quickTransaction(async (tx) => {
      const underWay = await moveChunks(tx, owner, moves);
      if (!underWay) throw new LeaseLost();
      const now = new Date();
      const rows: NewDelivery[] = [];
      const later: { recipient: Recipient; until: Date }[] = [];
      const absent: { recipient: Recipient; device: CurrentInstallation }[] = [];
      const toHand = new Map<number, ToHand[]>();
      for (const { appKey, slices: ofApp } of byApp(slices)) {
        const recipients = recipientsOf(ofApp);
        const judged = await judgeForInbox(tx, appKey, recipients, writingOf, { now, isFirst: true });
        const keys = recipients.map(({ installationKey }) => installationKey);
        const connected = await findConnected(tx, appKey, keys);
        const handed: ToHand[] = [];
        toHand.set(appKey, handed);
        for (const { recipient, verdict } of judged) {
          if (verdict.kind === "later") {
            later.push({ recipient, until: verdict.until });
            continue;
          }
          const row = rowOf(recipient, verdict, connected.has(recipient.installationKey), now);
          rows.push(row);
          if (verdict.kind !== "send" || row.state === "skipped") continue;
          const { device, content } = verdict;
          handed.push({ recipient, device, content });
          if (row.state === "waiting") absent.push({ recipient, device });
        }
      }
      await recordDeliveries(tx, slot, rows, now);
      await insertChunks(tx, chunksLater(later));
      await alert(tx, await alertsOf(gate, absent, now));
      const stillSent = new Set(underWay.map(({ messageId, seq }) => `${messageId} ${seq}`));
      return {
        underWay: new Set(
          slices
            .map(({ chunk }) => chunk)
            .filter(({ messageId, seq }) => stillSent.has(`${messageId} ${seq}`)),
        ),
        toHand,
      };
    });
  } catch (error) {
    if (error instanceof LeaseLost) return null;
    throw error;
  }
}

/** Those who are not connected get a push besides, that brings them in. */
async function alert(tx: Transaction, chunks: readonly NewChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  await insertChunks(tx, chunks);
  const isSmall = chunks.every(({ priority }) => priority === smallSend);
  await notify(tx, "chapar_work", isSmall ? smallWork : "");
}

interface JudgedDevice {
  recipient: Recipient;
  verdict: Ruled | Later | { kind: "send"; device: CurrentInstallation; content: MessageContent };
}

/** Has those wait for whom it is night, and leaves out who had enough, in their verdicts. */
async function limitDevices(
  db: Queryable,
  appKey: number,
  judged: readonly JudgedDevice[],
  now: Date,
): Promise<void> {
  const sends = judged.flatMap((one) =>
    one.verdict.kind === "send"
      ? [{ one, recipient: one.recipient, userKey: one.verdict.device.userKey }]
      : [],
  );
  for (const [{ one }, verdict] of await limit(db, appKey, sends, now)) one.verdict = verdict;
}

/**
 * Looks at devices once more: who left, what was removed, who has the message already. When it is the first look, also
 * for whom it has to wait, and who had enough.
 */
async function judgeForInbox(
  db: Queryable,
  appKey: number,
  recipients: readonly Recipient[],
  writingOf: (message: ClaimedChunk) => Writing,
  { now, isFirst }: { now: Date; isFirst: boolean },
): Promise<JudgedDevice[]> {
  const current = await findCurrentInstallations(db, appKey, {
    userKeys: recipients.map(({ userKey }) => userKey),
    installationKeys: recipients.map(({ installationKey }) => installationKey),
  });
  const repeats = await findRepeatedDevices(db, recipients, current);
  // Whoever has a topic of their own to say no to, or words of their own to get.
  const personal = recipients.filter(
    ({ chunk }) => chunk.topic !== everybodys || writingOf(chunk).isPersonal,
  );
  const users =
    personal.length === 0
      ? new Map<string, UserToReach>()
      : await findUsersToReach(
          db,
          appKey,
          personal.map(({ installationKey, userKey }) => current.get(installationKey)?.userKey ?? userKey),
        );
  const personalOnes: ToWrite[] = [];
  const verdictOf = (recipient: Recipient): JudgedDevice["verdict"] => {
    const { chunk, installationKey } = recipient;
    if (recipient.address !== null) return ruled("failed", "device_not_found");
    const device = current.get(installationKey);
    const refused = refusedDevice(device);
    if (refused || !device) return refused ?? ruled("skipped", "removed");
    if (repeats.has(recipient)) return ruled("skipped", "repeated");
    if (chunk.expiresAt && chunk.expiresAt <= now) return ruled("expired");
    const writing = writingOf(chunk);
    const user = users.get(device.userKey);
    if (user?.leftTopics.includes(chunk.topic)) return ruled("skipped", "opted_out");
    if (chunk.isPrivate && !isInPrivate(device, chunk.topic))
      return ruled("failed", "subscription_not_found");
    if (!writing.isPersonal) return { kind: "send", device, content: chunk.content };
    if (!user) return ruled("skipped", "removed");
    personalOnes.push({ recipient, user, writing, reader: readerOf(device, user) });
    return { kind: "send", device, content: chunk.content };
  };
  const judged = recipients.map((recipient): JudgedDevice => ({ recipient, verdict: verdictOf(recipient) }));
  if (isFirst) await limitDevices(db, appKey, judged, now);
  const limited = new Set(
    judged.filter(({ verdict }) => verdict.kind !== "send").map(({ recipient }) => recipient),
  );
  const toWrite = personalOnes.filter(({ recipient }) => !limited.has(recipient));
  const written = await writeAll(db, appKey, toWrite, { now, givesCodes: true });
  if (isFirst) await releaseUnwritten(db, appKey, toWrite, written);
  return judged.map(({ recipient, verdict }): JudgedDevice => {
    const words = written.get(recipient);
    if (!words || verdict.kind !== "send") return { recipient, verdict };
    return { recipient, verdict: words.ok ? { ...verdict, content: words.content } : unwritten(words) };
  });
}

function rowOf(
  recipient: Recipient,
  verdict: Exclude<JudgedDevice["verdict"], Later>,
  isConnected: boolean,
  now: Date,
): NewDelivery {
  const { chunk, userKey, installationKey, address } = recipient;
  const outcome = verdict.kind === "ruled" ? verdict : reached(chunk, verdict.device, isConnected);
  return {
    ...{ messageId: chunk.messageId, userKey, deliveryId: deliveryIdOf(recipient), appKey: chunk.appKey },
    ...{ installationKey, step: chunk.step, variant: chunk.variant, attempts: 0, address, at: now },
    ...{ state: outcome.state, reason: outcome.reason, code: null, detail: outcome.detail },
    ...{ accountKey: null, providerId: null, findsByProviderId: false },
  };
}

function reached(chunk: ClaimedChunk, device: CurrentInstallation, isConnected: boolean) {
  if (isConnected) return { state: "sent" as const, reason: null, detail: null };
  if (chunk.content.live || isLive(device, chunk)) return ruled("skipped", "not_connected");
  return { state: "waiting" as const, reason: null, detail: null };
}

/**
 * Publishes to those who are connected now. Asked after the rows are committed: a device that says hello either finds its
 * row there, or is found here, so that nobody falls between the two.
 */
async function handOver({ db, publisher }: Parts, appKey: number, toHand: readonly ToHand[]): Promise<void> {
  if (toHand.length === 0) return;
  const keys = toHand.map(({ recipient }) => recipient.installationKey);
  const listening = await findListening(db, appKey, keys);
  // What is not filled in is the same for all of a chunk.
  const payloads = new Map<MessageContent, string>();
  const messages: InboxMessage[] = [];
  for (const { recipient, device, content } of toHand) {
    if (!listening.has(recipient.installationKey)) continue;
    const { chunk } = recipient;
    const payload =
      payloads.get(content) ??
      JSON.stringify(inboxPayload({ ...chunk, content, createdAt: chunk.messageCreatedAt }));
    payloads.set(content, payload);
    messages.push({ device: { appId: chunk.appId, installationId: device.installationId }, payload });
  }
  await publisher.publish(messages);
}

/** The same for what an earlier worker has written down and perhaps not published: it is looked at once more. */
async function handOverAgain(parts: Parts, slices: readonly Slice[]): Promise<void> {
  const { db, writingOf } = parts;
  for (const { appKey, slices: ofApp } of byApp(slices)) {
    const recipients = recipientsOf(ofApp);
    const limited = await findLimited(db, recipients);
    const judged = await judgeForInbox(db, appKey, recipients, writingOf, {
      now: new Date(),
      isFirst: false,
    });
    const toHand = judged.flatMap(({ recipient, verdict }) =>
      verdict.kind === "send" && !limited.has(recipient)
        ? [{ recipient, device: verdict.device, content: verdict.content }]
        : [],
    );
    await handOver(parts, appKey, toHand);
  }
}

/** Those of messages with limits who have no row that says that they get it. */
async function findLimited(db: Database, recipients: readonly Recipient[]): Promise<ReadonlySet<Recipient>> {
  const asked = recipients.filter(({ chunk }) => chunk.isQuiet || chunk.isCapped);
  const handed = await listHanded(
    db,
    asked.map((recipient) => ({
      ...{ messageId: recipient.chunk.messageId, userKey: recipient.userKey },
      deliveryId: deliveryIdOf(recipient),
    })),
  );
  return new Set(asked.filter((recipient) => !handed.has(deliveryIdOf(recipient))));
}

/** Forgets chunks that were recorded and handed over. */
async function complete(parts: Parts, claim: Claim, chunks: readonly ClaimedChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  await deleteChunks(parts.db, claim.owner, chunks.map(keyOf));
  await parts.complete(chunks);
}
