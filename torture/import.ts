// `npm run torture import`: an import whose processes are killed again and again must end as one that nobody disturbed.
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import { withClient } from "../bench/lib/database.ts";
import { type Digest, describeDifferences, takeDigest } from "../bench/lib/digest.ts";
import { type ExportFile, writeExport } from "../bench/lib/export-file.ts";
import { makeFolder } from "../bench/lib/folder.ts";
import {
  followImport,
  hasEnded,
  type ImportRows,
  listImports,
  openUpload,
  readImport,
  upload,
} from "../bench/lib/imports.ts";
import { type Product, startProduct } from "../bench/lib/product.ts";
import { createRandom, type Random } from "../bench/lib/random.ts";
import { table } from "../bench/lib/results.ts";
import { Failure, type Run, scoped } from "../bench/lib/run.ts";
import { number } from "../bench/lib/statistics.ts";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { pause, signalProcess } from "../server/lib/processes.ts";

/** What can be killed. `everything`: the supervisor and its roles at once; the database is then stopped by its watchdog. */
const victims = ["worker", "postmaster", "api", "everything"] as const;
type Victim = (typeof victims)[number];

/** What the import came to when nobody disturbed it, and where its rows can be looked up. */
interface Reference {
  readonly product: Product;
  readonly importId: string;
  readonly rows: ImportRows;
  readonly digest: Digest;
  readonly milliseconds: number;
}

interface Torture {
  readonly run: Run;
  readonly file: ExportFile;
  readonly random: Random;
  /** What must not be, in words; the rest is tried all the same. */
  readonly faults: string[];
}

const stopMs = 60_000;
/** For the parts of an upload that was cut off to be removed. */
const cleanMs = 60_000;
/** Rows of a batch: a kill waits up to as long as one takes, so that it comes anywhere within a transaction. */
const batchRows = 5_000;

export async function run(run: Run): Promise<void> {
  const { rows, kills, seed } = readOptions(run.args);
  run.say(`--seed ${seed}`);
  const path = join(makeFolder(run), "export.csv");
  const file = await writeExport(path, { rows, seed, isChanged: false });
  const torture: Torture = { run, file, random: createRandom(seed), faults: [] };

  const reference = await importUndisturbed(torture);
  await cutUploads(torture, reference);
  await importWithKills(torture, reference, kills);
  await importTwiceAtOnce(torture, reference);

  if (torture.faults.length > 0)
    throw new Failure(`${torture.faults.join("\n")}\n\nRepeat it with --seed ${seed}`);
  process.stdout.write("\nNothing lost, nothing twice.\n");
}

function readOptions(args: readonly string[]): { rows: number; kills: number; seed: number } {
  const { values } = readArguments(args, {
    rows: { type: "string", default: "1000000" },
    kills: { type: "string", default: "5" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
  });
  return {
    rows: readCount("--rows", values.rows, 1000),
    kills: readCount("--kills", values.kills, 0),
    seed: readCount("--seed", values.seed, 0),
  };
}

async function importUndisturbed({ run, file }: Torture): Promise<Reference> {
  const product = await startProduct(run, makeFolder(run));
  const start = Date.now();
  const importId = await upload(product.url, file.path);
  const { rows, status, failure } = await followImport(product.url, importId);
  const milliseconds = Date.now() - start;
  if (status !== "completed_with_errors")
    throw new Failure(`Undisturbed, the import ends as ${status}: ${failure}`);
  const digest = await withClient(product.databaseUrl, (client) => takeDigest({ client, importId }));
  run.say(`Undisturbed: ${JSON.stringify(rows)} in ${number(milliseconds / 1000, 1)} s`);
  return { product, importId, rows, digest, milliseconds };
}

/** Uploads that break off, by the client and by a kill: they must leave nothing behind. */
async function cutUploads(torture: Torture, reference: Reference): Promise<void> {
  const { run, random, faults } = torture;
  const { product } = reference;
  const [victim = "everything"] = random.shuffle(victims.filter((name) => name !== "worker"));
  for (const cut of ["client", victim] as const) {
    const before = await withClient(product.databaseUrl, (client) => filesWithParts(client));
    const sending = await uploadUntilStored(torture, product, before);
    if (cut === "client") sending.destroy();
    else await killAndStart(product, cut);
    sending.destroy();
    const left = await withClient(product.databaseUrl, (client) => partsLeft(client, before));
    const states = await listImports(product.url);
    const others = states.filter(({ id, status }) => id !== reference.importId && status !== "failed");
    run.say(`Upload cut by ${cut}: ${left} parts left, ${states.length - 1} failed imports`);
    if (left > 0) faults.push(`An upload cut by ${cut} leaves ${left} parts behind.`);
    for (const { status } of others)
      faults.push(`An upload cut by ${cut} leaves an import that is ${status}.`);
  }
  await compare(torture, "After uploads that were cut", reference, product, reference.importId);
}

/** Sends a part of the file and stops in the middle, as soon as some of it is stored. */
async function uploadUntilStored({ file, random }: Torture, product: Product, before: readonly string[]) {
  const sending = openUpload(product.url, file.path);
  sending.on("error", () => {}); // it is to be cut
  const end = Math.floor(file.bytes * (0.3 + 0.6 * random.next()));
  createReadStream(file.path, { end }).pipe(sending, { end: false });
  await withClient(product.databaseUrl, async (client) => {
    const deadline = Date.now() + stopMs;
    while ((await countParts(client, before)) === 0) {
      if (Date.now() > deadline) throw new Failure("No part of the upload arrives in the database.");
      await pause(20);
    }
  });
  await pause(200 * random.next());
  return sending;
}

async function filesWithParts(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>("select distinct file_id as id from file_parts");
  return rows.map(({ id }) => id);
}

async function countParts(client: pg.Client, known: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ parts: number }>(
    "select count(*)::integer as parts from file_parts where file_id <> all ($1::uuid[])",
    [known],
  );
  return rows[0]?.parts ?? 0;
}

/** How many parts of other files are still there when they had time to be removed. */
async function partsLeft(client: pg.Client, known: readonly string[]): Promise<number> {
  const deadline = Date.now() + cleanMs;
  for (;;) {
    const left = await countParts(client, known);
    if (left === 0 || Date.now() > deadline) return left;
    await pause(200);
  }
}

/** Kills a part; the product must stop by itself, and is started again on the same data. Answers the seconds of both. */
async function killAndStart(product: Product, victim: Victim): Promise<{ stopped: number; up: number }> {
  const start = Date.now();
  if (victim === "everything") await product.kill();
  else signalProcess(product.parts[victim], "SIGKILL");
  if (!(await product.isGoneWithin(stopMs))) {
    throw new Failure(`The product runs on although its ${victim} was killed; it said:\n${product.output()}`);
  }
  const stopped = (Date.now() - start) / 1000;
  await product.start();
  return { stopped, up: (Date.now() - start) / 1000 };
}

async function importWithKills(torture: Torture, reference: Reference, kills: number): Promise<void> {
  const { run, file, random } = torture;
  await scoped(run, async (part) => {
    const product = await startProduct(part, makeFolder(part));
    const importId = await upload(product.url, file.path);
    const start = Date.now();
    const order = random.shuffle(victims);
    const lines: string[][] = [];
    for (let index = 0; index < kills; index++) {
      // Spread over the file, each anywhere in its share of it, and not so late that the import is over.
      const wanted = (Math.max(0, file.expected.rows - 2 * batchRows) * (index + random.next())) / kills;
      const state = await followImport(product.url, importId, ({ rows }) => rows.total >= wanted);
      await pause((random.next() * reference.milliseconds * batchRows) / file.expected.rows);
      const victim = order[index % order.length] ?? "everything";
      const at = (Date.now() - start) / 1000;
      const before = hasEnded(state) ? state : await readImport(product.url, importId);
      const { stopped, up } = await killAndStart(product, victim);
      const after = await readImport(product.url, importId);
      lines.push([
        ...[String(index + 1), victim, number(at, 1), number(before.rows.total)],
        ...[hasEnded(before) ? "ended already" : before.status],
        ...[number(stopped, 1), number(up, 1), number(after.rows.total)],
      ]);
      run.say(`  killed ${victim} at ${number(before.rows.total)} rows`);
    }
    const state = await followImport(product.url, importId);
    process.stdout.write(
      `\n${table(["kill", "of", "at, s", "rows", "status", "stopped after, s", "up after, s", "rows then"], lines)}\n\n`,
    );
    compareRows(torture, `After ${kills} kills`, reference.rows, state.rows);
    await compare(torture, `After ${kills} kills`, reference, product, importId);
    await product.stop();
  });
}

async function importTwiceAtOnce(torture: Torture, reference: Reference): Promise<void> {
  const { run, file, faults } = torture;
  await scoped(run, async (part) => {
    const product = await startProduct(part, makeFolder(part));
    const ids = await Promise.all([upload(product.url, file.path), upload(product.url, file.path)]);
    const states = await Promise.all(ids.map((id) => followImport(product.url, id)));
    for (const { id, rows } of states) {
      const { total, rejected, discarded } = reference.rows;
      const accepted = rows.created + rows.updated + rows.unchanged;
      compareRows(
        torture,
        "Of two imports at once",
        { total, rejected, discarded, accepted: total - rejected - discarded },
        { total: rows.total, rejected: rows.rejected, discarded: rows.discarded, accepted },
      );
      await compare(torture, "Of two imports at once", reference, product, id);
    }
    const created = states.map(({ rows }) => number(rows.created)).join(" and ");
    run.say(`Two at once: ${created} rows created, of ${number(reference.rows.created)}`);
    for (const name of ["postgres", "worker"]) {
      const log = readFileSync(join(product.dataDir, "logs", `${name}.log`), "utf8");
      const deadlock = log.split("\n").find((line) => line.includes("deadlock detected"));
      if (deadlock) faults.push(`Two imports at once lock each other out; ${name}.log: ${deadlock}`);
    }
  });
}

function compareRows(torture: Torture, when: string, wanted: object, found: object): void {
  if (isDeepStrictEqual(wanted, found)) return;
  torture.faults.push(
    `${when} the totals differ:\n  wanted ${JSON.stringify(wanted)}\n  found  ${JSON.stringify(found)}`,
  );
}

async function compare(
  torture: Torture,
  when: string,
  reference: Reference,
  product: Product,
  importId: string,
): Promise<void> {
  await withClient(product.databaseUrl, async (client) => {
    const found = { client, importId };
    if (isDeepStrictEqual(await takeDigest(found), reference.digest)) return;
    await withClient(reference.product.databaseUrl, async (referenceClient) => {
      const wanted = { client: referenceClient, importId: reference.importId };
      const lines = await describeDifferences(wanted, found);
      torture.faults.push([`${when} the rows differ:`, ...lines].join("\n  "));
    });
  });
}
