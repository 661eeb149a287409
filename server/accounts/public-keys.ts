import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { changeOf, record } from "./audit.ts";
import {
  countPublicKeys,
  deletePublicKeyRow,
  findKeyOwner,
  insertPublicKey,
  type KeyOwner,
  listPublicKeyRows,
  lockPublicKey,
  type PublicKeyRow,
  updatePublicKey,
} from "./public-key-queries.ts";
import type { NewPublicKey, PublicKey, PublicKeyChange } from "./public-keys-schema.ts";
import { createReader, makeSecret } from "./tokens.ts";

interface Caller {
  appKey: number;
  name: string;
}

/** More is a page or an app each, and nobody would know them apart. */
const maxKeys = 100;

/** The newest one first. */
export async function listPublicKeys(
  db: Queryable,
  appKey: number,
  { limit, cursor }: PageQuery,
): Promise<Page<PublicKey>> {
  const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const rows = await listPublicKeyRows(db, appKey, { before, limit: limit + 1 });
  const page = toPage(rows, limit, (row) => [row.id]);
  return { ...page, data: page.data.map(shown) };
}

export async function createPublicKey(
  db: Database,
  caller: Caller,
  { name, origins }: NewPublicKey,
): Promise<PublicKey> {
  const row = {
    id: uuidv7(),
    name,
    key: makeSecret("chpk_"),
    origins: unique(origins),
    createdAt: new Date(),
  };
  await db.transaction(async (tx) => {
    await insertPublicKey(tx, caller.appKey, row);
    // Counted with it in: whoever comes at the same time sees one more at worst.
    if ((await countPublicKeys(tx, caller.appKey)) > maxKeys)
      throw new Problem("conflict", `The app has ${maxKeys} public keys; delete one that nothing uses.`);
    await afterChange(tx, caller, row, { action: "public_key.created", before: null, after: audited(row) });
  });
  return shown(row);
}

/** Changes what is given, and leaves the rest. Within seconds it holds for every api role. */
export async function changePublicKey(
  db: Database,
  caller: Caller,
  id: string,
  change: PublicKeyChange,
): Promise<PublicKey> {
  return db.transaction(async (tx) => {
    const before = await lockOrProblem(tx, caller.appKey, id);
    const { name = before.name, origins = before.origins } = change;
    const row = { ...before, name, origins: unique(origins) };
    await updatePublicKey(tx, caller.appKey, row);
    const changed = changeOf(audited(before), audited(row));
    if (changed) await afterChange(tx, caller, row, { action: "public_key.changed", ...changed });
    return shown(row);
  });
}

/** Pages and apps that have it can do nothing any more; devices that are connected stay so. */
export async function removePublicKey(db: Database, caller: Caller, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockOrProblem(tx, caller.appKey, id);
    await deletePublicKeyRow(tx, caller.appKey, id);
    await afterChange(tx, caller, row, { action: "public_key.deleted", before: audited(row), after: null });
  });
}

/** Looks public keys up, and remembers the answer for a moment. */
export const createPublicKeyReader = (
  db: Queryable,
): ((key: string, nowMs: number) => Promise<KeyOwner | null>) => createReader((key) => findKeyOwner(db, key));

async function lockOrProblem(tx: Queryable, appKey: number, id: string): Promise<PublicKeyRow> {
  const row = await lockPublicKey(tx, appKey, id);
  if (!row) throw new Problem("not_found", `There is no public key with the id ${id} in this app.`);
  return row;
}

async function afterChange(
  tx: Queryable,
  caller: Caller,
  { id, name }: PublicKeyRow,
  {
    action,
    ...detail
  }: {
    action: "public_key.created" | "public_key.changed" | "public_key.deleted";
    before: object | null;
    after: object | null;
  },
): Promise<void> {
  const { appKey } = caller;
  await record(tx, caller, action, id, { name, ...detail });
  await notify(tx, "chapar_changes", `${appKey}:settings:${appKey}`);
}

/** Without the key: pages show it to everybody, but what tries secrets on must not find one here. */
const audited = ({ name, origins }: PublicKeyRow) => ({ name, origins });

const unique = (origins: readonly string[]): string[] => [...new Set(origins)];

const shown = ({ createdAt, ...row }: PublicKeyRow): PublicKey => ({
  ...row,
  createdAt: createdAt.toISOString(),
});
