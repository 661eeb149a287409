import sql from "sql-template-tag";
import type { Queryable } from "../db/database.ts";
import { type TestProduct, until } from "./product.ts";

/** Nobody is known, and nothing was ever imported: for tests that share a database. */
export async function emptyImports(db: Queryable): Promise<void> {
  await db.query(sql`
    truncate users, installations, installation_directory, user_aliases, uninstalls, events, event_ids,
      event_counters, behaviours, imports, import_batches, import_errors,
      file_parts, files, attributes, tags, topics, segments, segment_members, segment_sizes`);
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Json = any;

/** Uploads a file and follows its import to the end; `{refused}` with the problem when the upload was not taken. */
export async function importFile(
  product: TestProduct,
  content: string | Uint8Array<ArrayBuffer> | readonly string[],
  query: Record<string, string> = {},
): Promise<Json> {
  const body = typeof content === "string" || content instanceof Uint8Array ? content : content.join("\n");
  const response = await fetch(`${product.url}/api/imports?${new URLSearchParams(query)}`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken },
    body,
  });
  const accepted = (await response.json()) as Json;
  return response.status === 202 ? ended(product, accepted) : { refused: accepted };
}

/** Imports the file of an import once more, and follows that to its end. */
export async function importAgain(
  product: TestProduct,
  first: Json,
  query: Record<string, string> = {},
): Promise<Json> {
  const search = new URLSearchParams({ ...query, fileOf: first.id });
  const { status, body } = await product.call("POST", `/api/imports?${search}`);
  return status === 202 ? ended(product, body) : { refused: body };
}

const ended = (product: TestProduct, accepted: Json): Promise<Json> =>
  until(
    async () => (await product.call("GET", `/api/imports/${accepted.id}`)).body,
    (found) => !["queued", "validating", "importing"].includes(found.status),
    30_000,
  );

/** What an import would make of a file. */
export async function previewFile(
  product: TestProduct,
  content: string | Uint8Array<ArrayBuffer> | readonly string[],
  query: Record<string, string> = {},
): Promise<{ status: number; body: Json }> {
  const body = typeof content === "string" || content instanceof Uint8Array ? content : content.join("\n");
  const response = await fetch(`${product.url}/api/imports/preview?${new URLSearchParams(query)}`, {
    method: "POST",
    headers: { "x-access-token": product.accessToken },
    body,
  });
  return { status: response.status, body: await response.json() };
}
