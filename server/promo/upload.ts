import type { Readable } from "node:stream";
import { v7 as uuidv7 } from "uuid";
import { type Actor, record } from "../accounts/audit.ts";
import { CopyWriter } from "../db/copy.ts";
import type { Database } from "../db/database.ts";
import { readColumn } from "../lib/column.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { uuidAt } from "../lib/time.ts";
import { copyCodes, deleteOrphans, deleteUnused, findRepeated, listSets, replaceSet } from "./queries.ts";
import { globalTrack, type PromoSet, type PromoUpload } from "./schema.ts";

/** Whether a campaign of the app has this track id. Given from outside, since codes know no campaigns. */
export type HasTrack = (appKey: number, trackId: string) => Promise<boolean>;

const maxCode = 64;
const maxCodes = 10_000_000;
/** Codes that are written at a time. */
const batchSize = 10_000;
/** No upload takes longer. */
const uploadMs = 86_400_000;

/**
 * Reads a file of codes, one a line, and puts them in the place of those there were: at once, when all are read, so that
 * whoever gets one meanwhile gets an old one, and a file that is broken changes nothing.
 */
export async function replaceCodes(
  { db, hasTrack }: { db: Database; hasTrack: HasTrack },
  app: Actor & { appId: string },
  trackId: string | null,
  bytes: Readable,
): Promise<PromoUpload> {
  if (trackId !== null && !(await hasTrack(app.appKey, trackId)))
    throw new Problem("not_found", `There is no campaign with the track id ${JSON.stringify(trackId)}.`);
  const promoSetId = uuidv7();
  try {
    const total = await storeCodes(db, promoSetId, bytes);
    const before = await db.transaction(async (tx) => {
      const repeated = await findRepeated(tx, promoSetId);
      if (repeated)
        throw fault(
          `has ${JSON.stringify(repeated.code)} more than once, as codes ${repeated.places.join(" and ")}; each is given to one person, so write it once`,
        );
      const set = { trackId: trackId ?? globalTrack, promoSetId, total };
      const earlier = await replaceSet(tx, { appKey: app.appKey, ...set, now: new Date() });
      const subject = trackId ?? app.appId;
      const detail = { name: subject, before: { set: earlier }, after: { set: promoSetId, codes: total } };
      await record(tx, app, "promo_codes.added", subject, detail);
      return earlier;
    });
    // From here on the new codes count. What is not cleared away now is by the next upload.
    await clearAway(db, before).catch(() => undefined);
    return { promoSetId: trackId === null ? app.appId : promoSetId, totalRows: total };
  } catch (error) {
    // Who lost the connection at the commit does not know whether they are in their place.
    await deleteUnused(db, promoSetId);
    throw error;
  }
}

async function clearAway(db: Database, before: string | null): Promise<void> {
  if (before !== null) await deleteUnused(db, before);
  await deleteOrphans(db, uuidAt(new Date(Date.now() - uploadMs)));
}

/** Answers how many there are. */
async function storeCodes(db: Database, promoSetId: string, bytes: Readable): Promise<number> {
  let seq = 0;
  let writer = new CopyWriter(3);
  const flush = () => db.transaction((tx) => copyCodes(tx, writer));
  for await (const code of readColumn(bytes)) {
    seq++;
    if (code.length > maxCode)
      throw fault(`code ${seq} has ${code.length} characters; it may have ${maxCode} at most`);
    if (seq > maxCodes) throw fault(`has more than ${maxCodes} codes; send fewer`);
    writer.row().uuid(promoSetId).int4(seq).text(code);
    if (seq % batchSize > 0) continue;
    await flush();
    writer = new CopyWriter(3);
  }
  if (seq === 0) throw fault("has no codes; write one a line");
  if (seq % batchSize > 0) await flush();
  return seq;
}

const fault = (detail: string): Problem => validationProblem([{ pointer: "/file", detail }]);

/** How many codes of each set are given and left. */
export async function listPromoSets(
  db: Database,
  appKey: number,
  trackId: string | undefined,
): Promise<PromoSet[]> {
  const rows = await listSets(db, appKey, trackId ?? null);
  return rows.map(({ trackId: track, total, left, updatedAt }) => ({
    ...{ trackId: track === globalTrack ? null : track, total, given: total - left, left },
    updatedAt: updatedAt.toISOString(),
  }));
}
