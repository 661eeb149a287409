import { createHash } from "node:crypto";
import { imageSize } from "image-size";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { type Actor, record } from "../accounts/audit.ts";
import type { Database, Queryable } from "../db/database.ts";
import { decodeCursor, type Page, type PageQuery, toPage } from "../lib/page.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import { deleteFile, type FileRow, keepFile, listFileRows } from "./queries.ts";
import type { StoredFile } from "./schema.ts";

// What every mail program shows; SVG is not among them, and may hold scripts.
const types: Record<string, StoredFile["type"]> = {
  ...{ png: "image/png", jpg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
};
const extensions: Record<StoredFile["type"], string> = {
  ...{ "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp" },
};

/** Stores an image; the same one again is the one there is. What it is, is read from it and not from its name. */
export async function storeFile(
  db: Database,
  caller: Actor,
  { name, content }: { name: string; content: Buffer },
): Promise<StoredFile> {
  const { type, width, height } = measure(content);
  const fileId = uuidv7();
  return db.transaction(async (tx) => {
    const row = await keepFile(tx, caller.appKey, {
      ...{ fileId, name: nameFor(name, type), type, width, height, content, createdAt: new Date() },
      contentHash: createHash("sha256").update(content).digest("hex").slice(0, 32),
    });
    if (row.fileId === fileId)
      await record(tx, caller, "file.created", fileId, { before: null, after: audited(row) });
    return answered(row);
  });
}

function measure(content: Buffer): { type: StoredFile["type"]; width: number; height: number } {
  const expected = "a PNG, JPEG, GIF or WebP image";
  let size: ReturnType<typeof imageSize>;
  try {
    size = imageSize(content);
  } catch {
    throw validationProblem([{ pointer: "", detail: `is not ${expected}, or it is damaged` }]);
  }
  const type = types[size.type ?? ""];
  if (!type)
    throw validationProblem([{ pointer: "", detail: `is of the type ${size.type}; give ${expected}` }]);
  // A photograph may be stored lying on its side.
  const isTurned = (size.orientation ?? 1) >= 5;
  return {
    type,
    width: isTurned ? size.height : size.width,
    height: isTurned ? size.width : size.height,
  };
}

/** A name that needs no encoding in an address, with the ending of what it is. */
function nameFor(name: string, type: StoredFile["type"]): string {
  const stem = name
    .replace(/\.[^.]*$/, "")
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${stem || "image"}.${extensions[type]}`;
}

/** A page of images, newest first. */
export async function listFiles(
  db: Queryable,
  appKey: number,
  { limit, cursor }: PageQuery,
): Promise<Page<StoredFile>> {
  const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0] ?? null;
  const rows = await listFileRows(db, appKey, { before, limit: limit + 1 });
  const page = toPage(rows, limit, (row) => [row.fileId]);
  return { ...page, data: page.data.map(answered) };
}

/** Forgets an image: mails that show it show its words instead. */
export async function removeFile(db: Database, caller: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await deleteFile(tx, caller.appKey, id);
    if (!row) throw new Problem("not_found", `There is no file ${id}.`);
    await record(tx, caller, "file.deleted", id, { before: audited(row), after: null });
  });
}

const audited = ({ name, type, width, height, bytes }: FileRow) => ({ name, type, width, height, bytes });

const answered = ({ fileId, createdAt, ...row }: FileRow): StoredFile => ({
  id: fileId,
  ...row,
  path: `/files/${fileId}/${row.name}`,
  createdAt: createdAt.toISOString(),
});
