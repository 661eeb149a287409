import { workerData } from "node:worker_threads";
import { openDatabase } from "../db/database.ts";
import { prepareBatches } from "./prepare.ts";
import { type PrepareTask, transferable } from "./prepare-in-thread.ts";
import { serveItems } from "./threads.ts";

// The entry of the thread that prepares the batches of one import; it ends when the import does.
const { databaseUrl, row } = workerData as PrepareTask;
const db = openDatabase(databaseUrl, { connections: 2, name: "chapar import", onError: () => {} });
serveItems(prepareBatches(db, row), transferable);
