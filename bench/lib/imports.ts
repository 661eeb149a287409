import { createReadStream, statSync } from "node:fs";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { basename } from "node:path";
import { z } from "zod";
import { pause } from "../../server/lib/processes.ts";
import { accessToken } from "./product.ts";
import { Failure } from "./run.ts";

const Rows = z.object({
  total: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
  discarded: z.number(),
});
const State = z.object({
  id: z.string(),
  status: z.string(),
  rows: Rows,
  failure: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});

export type ImportRows = z.infer<typeof Rows>;
/** An import as the API tells it, as far as we look at it. */
export type ImportState = z.infer<typeof State>;

/** Without a word of progress for so long, an import has stopped for good. Not a measure of speed. */
const stalledMs = 180_000;
/** Rarely enough not to be what is measured. */
const askEveryMs = 400;

/** Streams the file; answers the import's id. */
export async function upload(url: string, path: string): Promise<string> {
  const sending = openUpload(url, path);
  createReadStream(path, { highWaterMark: 256 * 1024 }).pipe(sending);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sending.once("response", resolve);
    sending.once("error", reject);
  });
  const body = await textOf(response);
  if (response.statusCode !== 202)
    throw new Failure(`The upload was answered ${response.statusCode}: ${body}`);
  return z.object({ id: z.string() }).parse(JSON.parse(body)).id;
}

/** The request of an upload, for the caller to write. */
export function openUpload(url: string, path: string): ClientRequest {
  const query = new URLSearchParams({ format: "onesignal", name: basename(path) });
  return request(`${url}/api/imports?${query}`, {
    method: "POST",
    headers: {
      "x-access-token": accessToken,
      "content-type": "text/csv",
      "content-length": statSync(path).size,
    },
  });
}

export async function readImport(url: string, id: string): Promise<ImportState> {
  return State.parse(await getJson(`${url}/api/imports/${id}`));
}

/** The newest imports, at most a hundred. */
export async function listImports(url: string): Promise<ImportState[]> {
  return z.object({ data: z.array(State) }).parse(await getJson(`${url}/api/imports?limit=100`)).data;
}

export const hasEnded = ({ status }: ImportState) =>
  ["completed", "completed_with_errors", "failed", "cancelled"].includes(status);

/** Follows an import to its end. `onProgress` may end the following by answering true. */
export async function followImport(
  url: string,
  id: string,
  onProgress: (state: ImportState) => boolean = () => false,
): Promise<ImportState> {
  let last = "";
  let changedAt = Date.now();
  for (;;) {
    const state = await readImport(url, id);
    if (onProgress(state) || hasEnded(state)) return state;
    const now = `${state.status} ${state.rows.total}`;
    if (now !== last) changedAt = Date.now();
    last = now;
    if (Date.now() - changedAt > stalledMs)
      throw new Failure(`The import ${id} does not go on: ${now} rows.`);
    await pause(askEveryMs);
  }
}

async function getJson(address: string): Promise<unknown> {
  const response = await fetch(address, { headers: { "x-access-token": accessToken } });
  if (!response.ok)
    throw new Failure(`GET ${address} was answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return text;
}
