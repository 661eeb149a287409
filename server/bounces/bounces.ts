import type { Database, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { applyReceipts, type Receipt } from "../deliveries/apply.ts";
import { lookAtDeliveries } from "../deliveries/engagements.ts";
import { createGroup } from "../lib/group.ts";
import { nilUuid } from "../lib/keys.ts";
import type { LinkTokens, TokenSubject } from "../links/tokens.ts";
import type { Heed } from "../receipts/receipts.ts";
import { type Asking, fulfil, leavesAll } from "../responses/leaving.ts";
import { createMessageFinder, deliveryOf, whichAreAwaited } from "../responses/subjects.ts";
import { noteUnreached } from "../users/soft-bounces.ts";
import { findUsersToReach } from "../users/to-reach.ts";
import { type OurAddress, readAddress } from "./addresses.ts";
import { readMail, type Said } from "./read-mail.ts";

/** A mail that came to one of our addresses. */
interface Returned {
  bytes: Uint8Array;
  /** Whom the envelope names; null where nobody says, and the mail's own headers have to do. */
  recipient: string | null;
  /** Whose deliveries it may speak of; null for all, of the mail server's own listener. */
  appKey: number | null;
}

/** What became of it. Whoever sent it is told nothing of this. */
type Taken = "failed" | "delivered" | "complained" | "left" | "nothing" | "unreadable";

export interface Bounces {
  /** Whether mail to an address is for us. */
  isOurs(address: string): boolean;
  /** Acts on a mail; it is committed when the promise resolves. Throws only where it should be brought again. */
  take(mail: Returned): Promise<Taken>;
}

/** Mails that are acted on in one transaction, and transactions at a time. */
const groupOf = 50;
const lanes = 2;

/** What a mail says, and of whom. */
interface Word extends Asking {
  appKey: number;
  said: Exclude<Said, { kind: "letter" | "nothing" }> | { kind: "left" };
}

export function createBounces({
  db,
  tokens,
  heed,
  log,
}: {
  db: Database;
  tokens: LinkTokens;
  heed: Pick<Heed, "told">;
  log: { info(fields: object, text: string): void };
}): Bounces {
  const findMessage = createMessageFinder(db);
  const act = createGroup<Word, void>(
    async (words) => {
      await db.transaction((tx) => actOn(tx, words, heed));
      return words.map(() => undefined);
    },
    { atMost: groupOf, lanes },
  );
  const drop = (why: string): "nothing" => {
    log.info({ why }, "a mail that came back was dropped");
    return "nothing";
  };

  return {
    isOurs: (address) => readAddress(tokens, address) !== null,
    async take({ bytes, recipient, appKey }) {
      const mail = await readMail(bytes);
      if (!mail) {
        drop("it is no mail");
        return "unreadable";
      }
      const address = firstOf(tokens, recipient === null ? mail.addressees : [recipient, ...mail.addressees]);
      const said = whatIsMeant(mail.said, address);
      if (said.kind === "nothing") return drop(said.why);
      const subject = subjectOf(tokens, address, mail.tokens);
      if (!subject) return drop("it does not say which of our mails it is about");
      const message = await findMessage(subject.messageId);
      if (!message || (appKey !== null && message.appKey !== appKey))
        return drop("it is about a message that is not there");
      await act({ subject, message, appKey: message.appKey, said });
      return said.kind;
    },
  };
}

/** The first that names a delivery, else any that is ours. */
function firstOf(tokens: LinkTokens, addresses: readonly string[]): OurAddress | null {
  const ours = addresses.flatMap((address) => readAddress(tokens, address) ?? []);
  return ours.find(({ kind }) => kind !== "office") ?? ours[0] ?? null;
}

/** A letter asks to hear no more where it was written to the address for that, and is for nobody elsewhere. */
function whatIsMeant(
  said: Said,
  address: OurAddress | null,
): Word["said"] | { kind: "nothing"; why: string } {
  if (said.kind === "nothing") return said;
  if (said.kind === "letter")
    return address?.kind === "leave" ? { kind: "left" } : { kind: "nothing", why: "a letter to nobody" };
  return said;
}

/** The envelope's word counts most: of it no mail program or forwarding makes anything else. */
function subjectOf(
  tokens: LinkTokens,
  address: OurAddress | null,
  inside: readonly string[],
): TokenSubject | null {
  if (address && address.kind !== "office") return address.subject;
  for (const token of inside) {
    const subject = tokens.readAddress("bounce", token) ?? tokens.readAddress("leave", token);
    if (subject) return subject;
  }
  return null;
}

async function actOn(tx: Transaction, words: readonly Word[], heed: Pick<Heed, "told">): Promise<void> {
  const now = new Date();
  const asked = words.map((word) => ({ ...word, ...deliveryOf(word.subject), link: 0 }));
  const known = await lookAtDeliveries(tx, asked);
  const awaited = await whichAreAwaited(
    tx,
    asked.filter((_, index) => !known[index]?.isThere),
  );
  const present = asked.filter((word, index) => known[index]?.isThere || awaited.has(word));
  const { changed } = await applyReceipts(
    tx,
    present.flatMap((word) => receiptOf(word, now)),
    now,
  );
  await leaveAlone(tx, present, heed, now);
  for (const word of asked) {
    const { said, message } = word;
    if (said.kind === "left") await fulfil(tx, word, { leaves: leavesAll(message) }, now);
    if (said.kind === "complained")
      await fulfil(tx, word, { leaves: { channel: "email" } }, now, "complained");
  }
  for (const { appKey, messageId } of changed.slice(0, 3))
    await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
}

type Found = Word & { messageId: string; userKey: string; deliveryId: string };

function receiptOf({ appKey, messageId, userKey, deliveryId, said }: Found, at: Date): Receipt[] {
  if (said.kind !== "failed" && said.kind !== "delivered") return [];
  const { code, detail } = said.kind === "failed" ? said : { code: null, detail: null };
  const subject = { messageId, userKey, deliveryId };
  return [{ appKey, subject, state: said.kind, at, code, detail }];
}

/** Suppresses addresses that are gone, and counts those that could not be reached for now. */
async function leaveAlone(
  tx: Transaction,
  words: readonly Found[],
  heed: Pick<Heed, "told">,
  now: Date,
): Promise<void> {
  for (const appKey of new Set(words.map((word) => word.appKey))) {
    const failed = words.flatMap((word) =>
      word.appKey === appKey && word.said.kind === "failed" && word.said.weight !== "refused"
        ? [{ ...word, said: word.said }]
        : [],
    );
    if (failed.length === 0) continue;
    const users = await findUsersToReach(
      tx,
      appKey,
      failed.map(({ userKey }) => userKey),
    );
    const judged = failed.flatMap(({ said, ...word }) => {
      const address = users.get(word.userKey)?.email ?? null;
      if (address === null) return [];
      // Of another address: theirs is another by now, or leads on to one. Neither says that theirs is dead for good.
      const isTheirs = said.recipients.length === 0 || said.recipients.includes(address);
      return [{ ...word, said, address, isGone: said.weight === "gone" && isTheirs }];
    });
    const dead = judged.filter(({ isGone }) => isGone);
    await heed.told(
      tx,
      dead.map(({ userKey, deliveryId, said: { code, detail } }) => ({
        ...{ what: "gone", channel: "email", appKey, userKey, installationKey: nilUuid, deliveryId },
        detail: [code, detail].filter(Boolean).join(" ") || null,
      })),
      now,
    );
    const soft = judged.filter(({ isGone }) => !isGone);
    await noteUnreached(
      tx,
      appKey,
      "email",
      soft.map(({ address, deliveryId, said: { detail } }) => ({ address, deliveryId, detail })),
      now,
    );
  }
}
