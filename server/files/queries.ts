import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import type { StoredFile } from "./schema.ts";

export interface FileRow {
  fileId: string;
  name: string;
  type: StoredFile["type"];
  width: number;
  height: number;
  bytes: number;
  createdAt: Date;
}

const columns = sql`
  file_id as "fileId", name, type, width, height, length(content) as bytes, created_at as "createdAt"`;

/** Stores a file, or finds the one with the same content. */
export async function keepFile(
  db: Queryable,
  appKey: number,
  file: Omit<FileRow, "bytes"> & { content: Buffer; contentHash: string },
): Promise<FileRow> {
  const { rows } = await db.query<FileRow>(sql`
    insert into served_files (file_id, app_key, name, type, width, height, content, content_hash, created_at)
    values (${file.fileId}, ${appKey}, ${file.name}, ${file.type}, ${file.width}, ${file.height}, ${file.content},
      ${file.contentHash}, ${file.createdAt})
    on conflict (app_key, content_hash) do update set name = served_files.name
    returning ${columns}`);
  if (!rows[0]) throw new Error("a file was neither stored nor found");
  return rows[0];
}

/** Newest first. */
export async function listFileRows(
  db: Queryable,
  appKey: number,
  page: { before: string | null; limit: number },
): Promise<FileRow[]> {
  const { rows } = await db.query<FileRow>(sql`
    select ${columns}
    from served_files
    where app_key = ${appKey} and (${page.before}::uuid is null or file_id < ${page.before}::uuid)
    order by file_id desc
    limit ${page.limit}`);
  return rows;
}

export async function deleteFile(tx: Queryable, appKey: number, fileId: string): Promise<FileRow | null> {
  const { rows } = await tx.query<FileRow>(sql`
    delete from served_files where app_key = ${appKey} and file_id = ${fileId} returning ${columns}`);
  return rows[0] ?? null;
}

/** Whoever knows the id may have it: it stands in mails. */
export async function readContent(
  db: Queryable,
  fileId: string,
): Promise<{ type: string; content: Buffer } | null> {
  const { rows } = await db.query<{ type: string; content: Buffer }>(
    sql`select type, content from served_files where file_id = ${fileId}`,
  );
  return rows[0] ?? null;
}
