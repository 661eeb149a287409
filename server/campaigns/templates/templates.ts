import { isDeepStrictEqual } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { changeOf, record } from "../../accounts/audit.ts";
import type { Channel } from "../../channels/schema.ts";
import type { Database, Queryable, Transaction } from "../../db/database.ts";
import { nameTakenSince, nothingToRestore } from "../../lib/deleted-problems.ts";
import { nameKey } from "../../lib/names.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../../lib/page.ts";
import { Problem, validationProblem } from "../../lib/problem.ts";
import { faultsOfContent } from "../plan.ts";
import type { CampaignContent } from "../schema.ts";
import {
  deleteTemplate,
  findTemplate,
  findVersion,
  insertTemplate,
  insertVersion,
  listTemplateRows,
  listVersionRows,
  lockNames,
  type SavedTemplateRow,
  undeleteTemplate,
  updateTemplate,
} from "./queries.ts";
import type {
  NewSavedTemplate,
  SavedTemplate,
  SavedTemplateChange,
  SavedTemplateQuery,
  SavedTemplateVersion,
} from "./schema.ts";

/** The app, and who asks. */
interface Caller {
  appKey: number;
  name: string;
}

export interface TemplateParts {
  db: Database;
  publicUrl: () => string;
}

/** Templates, newest first, narrowed to a channel or to those with `search` in their name. */
export async function listTemplates(
  db: Queryable,
  appKey: number,
  query: SavedTemplateQuery,
): Promise<Page<SavedTemplate>> {
  const before = decodeCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const rows = await listTemplateRows(db, appKey, {
    ...{ channel: query.channel ?? null, search: nameKey(query.search ?? ""), before, limit: query.limit },
  });
  return toPage(rows.map(toTemplate), query.limit, ({ id }) => [id]);
}

export const getTemplate = async (db: Queryable, appKey: number, id: string): Promise<SavedTemplate> =>
  toTemplate(await requireTemplate(db, appKey, id));

/** Saves a content under a name. Throws every fault of its texts, and a conflict where the name is taken. */
export async function createTemplate(
  { db, publicUrl }: TemplateParts,
  caller: Caller,
  { name, channel, content }: NewSavedTemplate,
): Promise<SavedTemplate> {
  await checkContent(channel, content, publicUrl());
  const now = new Date();
  const row: SavedTemplateRow = {
    ...{ templateId: uuidv7(), name, channel, content, version: 1 },
    ...{ createdAt: now, updatedAt: now, updatedBy: caller.name },
  };
  return db.transaction(async (tx) => {
    await lockNames(tx, caller.appKey);
    if (!(await insertTemplate(tx, { ...row, appKey: caller.appKey, nameKey: nameKey(name) })))
      throw nameTaken(name);
    await insertVersion(tx, row);
    await record(tx, caller, "template.created", row.templateId, { before: null, after: audited(row) });
    return toTemplate(row);
  });
}

/** Changes the name, the content, or both. A content that is another one becomes the next version. */
export async function changeTemplate(
  { db, publicUrl }: TemplateParts,
  caller: Caller,
  id: string,
  { name, content }: SavedTemplateChange,
): Promise<SavedTemplate> {
  if (content) {
    const { channel } = await requireTemplate(db, caller.appKey, id);
    await checkContent(channel, content, publicUrl());
  }
  return db.transaction(async (tx) => {
    const row = await requireTemplate(tx, caller.appKey, id, { forUpdate: true });
    return store(tx, caller, row, { name: name ?? row.name, content: content ?? row.content });
  });
}

/** Makes an earlier version the latest again, as a version of its own. */
export async function restoreVersion(
  db: Database,
  caller: Caller,
  id: string,
  version: number,
): Promise<SavedTemplate> {
  return db.transaction(async (tx) => {
    const row = await requireTemplate(tx, caller.appKey, id, { forUpdate: true });
    const found = await findVersion(tx, id, version);
    if (!found)
      throw new Problem(
        "not_found",
        `This template has no version ${version}; its latest is ${row.version}.`,
      );
    return store(tx, caller, row, { name: row.name, content: found.content });
  });
}

async function store(
  tx: Transaction,
  caller: Caller,
  row: SavedTemplateRow,
  { name, content }: { name: string; content: CampaignContent },
): Promise<SavedTemplate> {
  const isNew = !isDeepStrictEqual(plain(content), plain(row.content));
  if (!isNew && name === row.name) return toTemplate(row);
  const next: SavedTemplateRow = {
    ...{ ...row, name, content, version: isNew ? row.version + 1 : row.version },
    ...{ updatedAt: new Date(), updatedBy: caller.name },
  };
  await lockNames(tx, caller.appKey);
  if (!(await updateTemplate(tx, { ...next, appKey: caller.appKey, nameKey: nameKey(name) })))
    throw nameTaken(name);
  if (isNew) await insertVersion(tx, next);
  const change = changeOf(audited(row), audited(next));
  await record(tx, caller, "template.changed", row.templateId, { name, ...change });
  return toTemplate(next);
}

/** As it is stored and read again. */
const plain = (content: CampaignContent): unknown => JSON.parse(JSON.stringify(content));

export async function removeTemplate(db: Database, caller: Caller, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await requireTemplate(tx, caller.appKey, id, { forUpdate: true });
    await deleteTemplate(tx, caller.appKey, id, new Date());
    await record(tx, caller, "template.deleted", id, { before: audited(row), after: null });
  });
}

/** Brings back a template that was deleted lately; refused where its name is another's by now. */
export async function restoreTemplate(db: Database, caller: Caller, id: string): Promise<SavedTemplate> {
  const { appKey } = caller;
  return db.transaction(async (tx) => {
    await lockNames(tx, appKey);
    const row = await findTemplate(tx, appKey, id, { forUpdate: true, isDeleted: true });
    if (!row) throw nothingToRestore("template", id);
    if (!(await undeleteTemplate(tx, appKey, id))) throw nameTakenSince("template", row.name);
    await record(tx, caller, "template.restored", id, { before: null, after: audited(row) });
    return toTemplate(row);
  });
}

/** What a template was and is, newest first. */
export async function listVersions(
  db: Queryable,
  appKey: number,
  id: string,
  query: PageQuery,
): Promise<Page<SavedTemplateVersion>> {
  await requireTemplate(db, appKey, id);
  const before = decodeCursor(query.cursor, z.tuple([z.int()]))?.[0] ?? null;
  const rows = await listVersionRows(db, id, { before, limit: query.limit });
  const versions = rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  return toPage(versions, query.limit, ({ version }) => [version]);
}

async function requireTemplate(
  db: Queryable,
  appKey: number,
  id: string,
  lock?: { forUpdate: boolean },
): Promise<SavedTemplateRow> {
  const row = await findTemplate(db, appKey, id, lock);
  if (!row) throw new Problem("not_found", `There is no template ${id} in this app.`);
  return row;
}

async function checkContent(channel: Channel, content: CampaignContent, publicUrl: string): Promise<void> {
  const faults = await faultsOfContent(channel, content, publicUrl);
  if (faults.length > 0)
    throw validationProblem(faults.map((fault) => ({ ...fault, pointer: `/content${fault.pointer}` })));
}

const audited = ({ name, channel, version, content }: SavedTemplateRow) => ({
  ...{ name, channel, version, content },
});

const toTemplate = ({ templateId, createdAt, updatedAt, ...row }: SavedTemplateRow): SavedTemplate => ({
  ...{ id: templateId, ...row },
  ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
});

const nameTaken = (name: string): Problem =>
  new Problem("conflict", `There is a template ${JSON.stringify(name)} already; choose another name.`, [
    { pointer: "/name", detail: "is the name of another template" },
  ]);
