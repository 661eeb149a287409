import type { Database, Transaction } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { applyReceipts, type Receipt } from "../deliveries/apply.ts";
import {
  type Deed,
  type KnownDelivery,
  lookAtDeliveries,
  recordEngagements,
} from "../deliveries/engagements.ts";
import { createGroup } from "../lib/group.ts";
import type { TokenSubject } from "../links/tokens.ts";
import { isTooQuick } from "./machine.ts";
import { deliveryOf, whichAreAwaited } from "./subjects.ts";

/** Opens and clicks that are written in one transaction, and transactions at a time. */
const groupOf = 200;
const lanes = 2;

/** A picture that was loaded (link 0), or a link that was followed. */
interface Response extends TokenSubject {
  appKey: number;
  what: "open" | "click";
  link: number;
  isMachine: boolean;
  at: Date;
}

/** Counts a response; it is committed when the promise resolves. */
export type CountResponse = (response: Response) => Promise<void>;

/** Counts opens and clicks, and moves deliveries by those of people. */
export function createCounting(db: Database): CountResponse {
  return createGroup<Response, void>(
    async (responses, lane) => {
      await db.transaction((tx) => writeResponses(tx, responses, lane));
      return responses.map(() => undefined);
    },
    { atMost: groupOf, lanes },
  );
}

async function writeResponses(tx: Transaction, responses: readonly Response[], lane: number): Promise<void> {
  const now = new Date();
  const asked = responses.map((response) => ({ ...response, ...deliveryOf(response) }));
  const known = await lookAtDeliveries(tx, asked);
  const awaited = await whichAreAwaited(
    tx,
    asked.filter((_, index) => !known[index]?.isThere),
  );
  const lastClicks = new Map<string, { link: number; at: Date }>();
  const receipts: Receipt[] = [];
  const deeds: Deed[] = [];
  for (const [index, response] of asked.entries()) {
    const facts = known[index];
    if (!facts || (!facts.isThere && !awaited.has(response))) continue;
    const { appKey, messageId, userKey, deliveryId, link, at } = response;
    const key = { messageId, userKey, deliveryId };
    const isPersons = !response.isMachine && !isRushed(response, facts, lastClicks);
    const what = kindOf(response.what, isPersons);
    deeds.push({ ...key, what, link, at });
    // Once for its link, and once for the message as a whole.
    if (link > 0) deeds.push({ ...key, what, link: 0, at });
    if (!isPersons) continue;
    const state = response.what === "open" ? "seen" : "clicked";
    receipts.push({ appKey, subject: key, state, at, code: null, detail: null });
  }
  const { changed } = await applyReceipts(tx, receipts, now);
  await recordEngagements(tx, lane, deeds);
  for (const { appKey, messageId } of changed.slice(0, 3))
    await notify(tx, "chapar_changes", `${appKey}:message:${messageId}`);
}

/** Also after clicks that come together with this one, which the database does not have yet. */
function isRushed(
  { what, deliveryId, link, at }: Response & { deliveryId: string },
  { sentAt, otherLinkAt }: KnownDelivery,
  lastClicks: Map<string, { link: number; at: Date }>,
): boolean {
  if (what === "open") return false;
  const last = lastClicks.get(deliveryId);
  lastClicks.set(deliveryId, { link, at });
  const other = last && last.link !== link ? last.at : otherLinkAt;
  return isTooQuick({ at, sentAt, otherLinkAt: other });
}

const kindOf = (what: Response["what"], isPersons: boolean) =>
  what === "open" ? (isPersons ? "opened" : "prefetched") : isPersons ? "clicked" : "scanned";
