import { workerData } from "node:worker_threads";
import { openDatabase } from "../db/database.ts";
import { openStoredFile } from "./files.ts";
import type { FileSource } from "./read/read.ts";
import { bytesSource, type RecordsTask, readItems } from "./records-in-thread.ts";
import { serveItems } from "./threads.ts";

// The entry of the thread that reads one workbook or zip.
const { from, options } = workerData as RecordsTask;

function openSource(): FileSource {
  if ("bytes" in from) return bytesSource(Buffer.from(from.bytes));
  const db = openDatabase(from.databaseUrl, { connections: 1, name: "chapar reader", onError: () => {} });
  return openStoredFile(db, from);
}

serveItems(readItems(openSource(), options));
