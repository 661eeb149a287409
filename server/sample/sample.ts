import { Readable } from "node:stream";
import { record } from "../accounts/audit.ts";
import { changePublicKey, createPublicKey, listPublicKeys } from "../accounts/public-keys.ts";
import { userHashOf } from "../accounts/user-hash.ts";
import type { Database } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { acceptImport, getImport, readImportQuery, requestUndo } from "../imports/imports.ts";
import { sampleHeader, sampleRows } from "../imports/sample.ts";
import { ImportQuery } from "../imports/schema.ts";
import { listUserInstallations } from "../installations/installations.ts";
import { addJob } from "../jobs/queue.ts";
import { Problem } from "../lib/problem.ts";
import { unusedName } from "../segments/segments.ts";
import { getUser } from "../users/users.ts";
import { findSample, lockSample, type SampleRow, updateSample } from "./queries.ts";
import type { Sample, SampleDevice } from "./schema.ts";

export interface SampleCaller {
  appKey: number;
  appId: string;
  name: string;
}

export const removeSampleTask = "remove_sample";

const devices = 2_000;
const seed = 1;
/** As many as an app can have. */
const mostKeys = 100;

export async function readSample(db: Database, app: { appKey: number; appId: string }): Promise<Sample> {
  const row = await findSample(db, app.appKey);
  const { importId = null, userId = null, keyId = null, removalAt = null } = row ?? {};
  const imported = importId === null ? null : await getImport(db, app.appKey, importId);
  const registered = userId === null ? [] : await listUserInstallations(db, app, userId);
  return {
    status: removalAt
      ? "removing"
      : imported === null
        ? "none"
        : imported.endedAt === null
          ? "importing"
          : "there",
    ...{ importId, userId, keyId, segment: imported?.segment ?? null, users: imported?.rows.created ?? 0 },
    hasDevice: registered.length > 0,
  };
}

/** Imports the sample by the way that every file takes. Asking twice is asking once. */
export async function importSample(db: Database, caller: SampleCaller, name: string): Promise<Sample> {
  const row = await findSample(db, caller.appKey);
  refuseDuringRemoval(row);
  if (!row?.importId) {
    // Whoever of two is second finds the first one's import, and has made one that nobody knows: so both wait here.
    await db.transaction(async (tx) => {
      const sample = await lockSample(tx, caller.appKey, new Date());
      refuseDuringRemoval(sample);
      if (sample.importId) return;
      // A segment of the customer's own must not be mixed with the sample.
      const segment = await unusedName(db, caller.appKey, name);
      const { id } = await acceptImport(db, caller, {
        ...{ name, bytes: Readable.from([fileOfSample()]) },
        request: readImportQuery(ImportQuery.parse({ format: "onesignal", segment })),
      });
      await updateSample(tx, caller.appKey, { ...sample, importId: id });
      const after = { name, segment, import: id };
      await record(tx, caller, "sample.created", id, { before: null, after });
    });
  }
  return readSample(db, caller);
}

/** Without its first row, who is called `Test`: somebody may have one of their own. */
function fileOfSample(): Buffer {
  const [, ...rows] = sampleRows(devices + 1, seed);
  return Buffer.from(`${[sampleHeader, ...rows].join("\n")}\n`);
}

/**
 * What a browser needs to be the device that messages are looked at on: a public key for the page that asks, and the proof
 * that it is this user.
 */
export async function openSampleDevice(
  db: Database,
  caller: SampleCaller,
  { secretKey, origin }: { secretKey: string; origin: string },
): Promise<SampleDevice> {
  return db.transaction(async (tx) => {
    const sample = await lockSample(tx, caller.appKey, new Date());
    refuseDuringRemoval(sample);
    const { data: keys } = await listPublicKeys(tx, caller.appKey, { limit: mostKeys });
    const known = keys.find(({ id }) => id === sample.keyId);
    const key = known ?? (await createPublicKey(db, caller, { name: "Try it", origins: [origin] }));
    if (!key.origins.includes(origin))
      await changePublicKey(db, caller, key.id, { origins: [...key.origins, origin] });
    const userId = sample.userId ?? (await freeUserId(db, caller));
    await updateSample(tx, caller.appKey, { ...sample, keyId: key.id, userId });
    return { publicKey: key.key, userId, userHash: await userHashOf(tx, caller, secretKey, userId) };
  });
}

/** Nobody of the customer's own, since they go with the sample. */
async function freeUserId(db: Database, caller: SampleCaller): Promise<string> {
  for (let number = 1; ; number++) {
    const userId = number === 1 ? "you" : `you-${number}`;
    if (!(await isKnown(db, caller, userId))) return userId;
  }
}

const isKnown = (db: Database, caller: SampleCaller, userId: string): Promise<boolean> =>
  getUser(db, caller, userId).then(
    () => true,
    (error) => {
      if (error instanceof Problem && error.code === "not_found") return false;
      throw error;
    },
  );

/** Has all of it removed in the background. */
export async function requestSampleRemoval(db: Database, caller: SampleCaller): Promise<Sample> {
  const { appKey, appId, name } = caller;
  const row = await findSample(db, appKey);
  if (!row) return readSample(db, caller);
  if (row.importId !== null && row.removalAt === null) await requestUndo(db, caller, row.importId);
  await db.transaction(async (tx) => {
    const sample = await lockSample(tx, appKey, new Date());
    await updateSample(tx, appKey, { ...sample, removalAt: sample.removalAt ?? new Date() });
    if (sample.removalAt === null) {
      const { importId, userId, keyId } = sample;
      const before = { import: importId, user: userId, publicKey: keyId };
      await record(tx, caller, "sample.deleted", importId ?? "sample", { before, after: null });
    }
    await addJob(tx, { task: removeSampleTask, key: String(appKey), payload: { appKey, appId, name } });
    await notify(tx, "chapar_changes", `${appKey}:import:${sample.importId ?? appKey}`);
  });
  return readSample(db, caller);
}

function refuseDuringRemoval(row: SampleRow | null): void {
  if (row?.removalAt)
    throw new Problem("conflict", "The sample data is being removed; try again in a moment.");
}
