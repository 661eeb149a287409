import { z } from "zod";
import { removePublicKey } from "../accounts/public-keys.ts";
import type { Database } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { getImport } from "../imports/imports.ts";
import { undoImport } from "../imports/undo.ts";
import type { Task } from "../jobs/runner.ts";
import { Problem } from "../lib/problem.ts";
import { erasePerson } from "../profiles/erase.ts";
import { countSegment, removeSegment, type UsesOf } from "../segments/segments.ts";
import { deleteSample, findSample, type SampleRow } from "./queries.ts";
import { removeSampleTask, type SampleCaller } from "./sample.ts";

const Payload = z.object({ appKey: z.int(), appId: z.string(), name: z.string() });

export const sampleTasks = (db: Database, usesOf: UsesOf): Record<string, Task> => ({
  [removeSampleTask]: (payload) => removeSample(db, Payload.parse(payload), usesOf),
});

/** Each step finds nothing the second time, so that a removal that was killed is simply done again. */
async function removeSample(db: Database, caller: SampleCaller, usesOf: UsesOf): Promise<void> {
  const { appKey } = caller;
  const sample = await findSample(db, appKey);
  if (!sample?.removalAt) return;
  const { importId, userId, keyId } = sample;
  if (importId !== null) {
    await undoImport(db, { appKey, importId });
    await removeItsSegment(db, caller, { ...sample, importId }, usesOf);
  }
  if (userId !== null) await unlessGone(erasePerson(db, caller, userId));
  if (keyId !== null) await unlessGone(removePublicKey(db, caller, keyId));
  await deleteSample(db, appKey);
  await notify(db, "chapar_changes", `${appKey}:import:${importId ?? appKey}`);
}

/** One that somebody has put others into is theirs by now, and one that something is sent to is needed. */
async function removeItsSegment(
  db: Database,
  caller: SampleCaller,
  { importId }: SampleRow & { importId: string },
  usesOf: UsesOf,
): Promise<void> {
  const { segment } = await getImport(db, caller.appKey, importId);
  if (segment === null) return;
  const users = await countSegment(db, caller.appKey, segment.id);
  if (users === 0) await unlessGone(removeSegment(db, caller, segment.id, usesOf));
}

async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Problem && (error.code === "not_found" || error.code === "conflict"))) throw error;
  }
}
