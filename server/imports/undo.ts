import { type Database, openSession, type Session } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { removeEvents } from "../events/merge.ts";
import { removeInstallations, removeUsers } from "../installations/remove.ts";
import { removeMembersOfImport } from "../segments/members.ts";
import { releaseAttributes } from "../users/attributes.ts";
import { findImport, type ImportRow } from "./queries/history.ts";
import { analyzeImported } from "./queries/run.ts";
import { noteBroughtAgain, readMergedBatch, recordUndone, withoutBroughtAgain } from "./queries/undo.ts";

/**
 * Takes back what only this import brought. Every step is a transaction that removes and counts, and finds nothing the
 * second time, so that an undo that was killed is simply done again.
 */
export async function undoImport(db: Database, job: { appKey: number; importId: string }): Promise<void> {
  const row = await findImport(db, job.appKey, job.importId);
  if (!row?.undoRequestedAt || row.undoneAt || !row.endedAt) return;
  const session = await openSession(db);
  try {
    await noteBroughtAgain(session, { ...job, startedAt: row.startedAt ?? row.createdAt });
    // Devices first, of all batches: a user goes when the last of their devices has gone.
    await eachBatch(session, row, removeDevices);
    await eachBatch(session, row, removePeople);
    await session.transaction(async (tx) => {
      const now = new Date();
      if (row.segmentId !== null) {
        const { appKey, importId, segmentId } = row;
        await removeMembersOfImport(tx, { appKey, importId, segmentId });
      }
      await releaseAttributes(tx, row.appKey, row.importId);
      await recordUndone(tx, {
        importId: row.importId,
        users: 0,
        installations: 0,
        events: 0,
        isEnd: true,
        now,
      });
      await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
    });
    await analyzeImported(session);
  } finally {
    session.end();
  }
}

type Step = (session: Session, row: ImportRow, batch: NonNullable<Batch>) => Promise<void>;
type Batch = Awaited<ReturnType<typeof readMergedBatch>>;

async function eachBatch(session: Session, row: ImportRow, step: Step): Promise<void> {
  for (let after = 0; ; ) {
    const batch = await readMergedBatch(session, row.importId, after);
    if (!batch) return;
    await step(session, row, batch);
    after = batch.seq;
  }
}

const removeDevices: Step = (session, row, batch) =>
  session.transaction(async (tx) => {
    const until = row.endedAt ?? row.createdAt;
    const keys = await withoutBroughtAgain(tx, batch.newInstallationKeys);
    const installations = await removeInstallations(tx, row.appKey, { keys, unchangedSince: until });
    const events =
      row.format === "events"
        ? await removeEvents(tx, row.appKey, { userKeys: batch.createdUserKeys, eventIds: batch.createdKeys })
        : 0;
    await recordUndone(tx, {
      importId: row.importId,
      users: 0,
      installations,
      events,
      isEnd: false,
      now: until,
    });
    await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
  });

const removePeople: Step = (session, row, batch) =>
  session.transaction(async (tx) => {
    const until = row.endedAt ?? row.createdAt;
    const keys = await withoutBroughtAgain(tx, batch.newUserKeys);
    const users = await removeUsers(tx, row.appKey, { keys, unchangedSince: until });
    await recordUndone(tx, {
      importId: row.importId,
      users,
      installations: 0,
      events: 0,
      isEnd: false,
      now: until,
    });
    await notify(tx, "chapar_changes", `${row.appKey}:import:${row.importId}`);
  });
