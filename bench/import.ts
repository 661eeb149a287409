// `npm run bench import`: how fast a file of users comes in, what that costs, and whether the rest goes on meanwhile.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readArguments, readCount } from "../server/cli/arguments.ts";
import { measureCopy, measureRowByRow } from "./lib/baselines.ts";
import { untilIdle, withClient } from "./lib/database.ts";
import { type Expected, type ExportFile, goodRows, writeExport } from "./lib/export-file.ts";
import { makeFolder } from "./lib/folder.ts";
import { goalMachineCsvParse, startPace } from "./lib/goals.ts";
import { type Health, watchHealth } from "./lib/health.ts";
import { followImport, type ImportRows, type ImportState, upload } from "./lib/imports.ts";
import { describeMachine } from "./lib/machine.ts";
import { type Product, startProduct } from "./lib/product.ts";
import { publish, table } from "./lib/results.ts";
import { type Run, scoped } from "./lib/run.ts";
import { median, number, percentile, spread } from "./lib/statistics.ts";
import { highWaterBytes, nodeRoles, type Role, startUsageMeter, type UsageMeter } from "./lib/usage.ts";

const goals = {
  fresh: 25_000,
  changed: 22_000,
  unchanged: 35_000,
  nodeBytes: 300_000_000,
  /** Of the memory after the large file to that after the small one. */
  growth: 1.2,
  healthP99Ms: 50,
  timesRowByRow: 5,
};

const peerRows = 20_000;
/** Below this the figures are of the start, not of an import: they are shown and not written down. */
const worthWriting = 1_000_000;

type Phase = "fresh" | "unchanged" | "changed";
const phases = ["fresh", "unchanged", "changed"] as const satisfies readonly Phase[];

interface PhaseFigures {
  /** From the import's own start to its end. */
  readonly rowsPerSecond: number;
  /** From the first byte of the upload to the end of the import. */
  readonly rowsPerSecondWithUpload: number;
  readonly seconds: number;
  readonly cpuMicrosPerRow: Readonly<Record<Role, number>>;
  readonly peakBytes: Readonly<Record<Role, number>>;
  readonly elsewhere: number;
  readonly healthMs: readonly number[];
  readonly healthFailures: number;
}

interface RunFigures {
  readonly phases: Readonly<Record<Phase, PhaseFigures>>;
  readonly csvParse: number;
  readonly copy: number;
  readonly rowByRow: number;
  readonly machine: string;
}

interface LargeFigures {
  readonly rows: number;
  readonly fresh: PhaseFigures;
  /** High-water marks of the Node processes when as many rows were in as the small file has, and at the end. */
  readonly bytesAtSmall: Readonly<Record<string, number>>;
  readonly bytesAtEnd: Readonly<Record<string, number>>;
}

interface Options {
  readonly rows: number;
  readonly large: number;
  readonly runs: number;
  readonly seed: number;
  /** Null when the figures are not to be kept. */
  readonly results: string | null;
}

export async function run(run: Run): Promise<void> {
  const options = readOptions(run.args);
  const { rows, seed } = options;
  const folder = makeFolder(run);
  run.say(`Making two files of ${number(rows)} rows …`);
  const file = await writeExport(join(folder, "export.csv"), { rows, seed, isChanged: false });
  const later = await writeExport(join(folder, "export-later.csv"), { rows, seed, isChanged: true });

  const figures: RunFigures[] = [];
  for (let index = 1; index <= options.runs; index++) {
    run.say(`Run ${index} of ${options.runs}`);
    figures.push(await measureRun(run, file, later, seed));
  }
  const large = options.large > 0 ? await measureLarge(run, folder, options) : null;

  const body = report(options, file, figures, large);
  publish(run, options.results, "import", body);
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArguments(args, {
    rows: { type: "string", default: "1000000" },
    large: { type: "string", default: "5000000" },
    runs: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    results: { type: "string" },
  });
  const rows = readCount("--rows", values.rows, 1000);
  return {
    rows,
    large: readCount("--large", values.large, 0),
    runs: readCount("--runs", values.runs, 1),
    seed: readCount("--seed", values.seed, 0),
    results: values.results ?? (rows >= worthWriting ? "bench/RESULTS.md" : null),
  };
}

/** One fresh product: the three imports, then what others do on the same server. */
function measureRun(run: Run, file: ExportFile, later: ExportFile, seed: number): Promise<RunFigures> {
  return scoped(run, async (part) => {
    const wish = { rows: file.expected.rows, seed, isChanged: false };
    const pace = startPace(seed);
    const product = await startProduct(part, makeFolder(part));
    const meter = startUsageMeter(part, product.parts);
    const health = watchHealth(part, product.url);
    const accepted = acceptedRows(file.expected);
    const measure = (phase: Phase, which: ExportFile, outcome: Partial<ImportRows>) =>
      measurePhase(run, phase, { product, meter, health, file: which, outcome });
    const measured = {
      fresh: await measure("fresh", file, { created: accepted }),
      unchanged: await measure("unchanged", file, { unchanged: accepted }),
      changed: await measure("changed", later, { updated: accepted }),
    };
    return withClient(product.databaseUrl, async (client) => {
      const copy = await measureCopy(client, file.path);
      await untilIdle(client);
      const rowByRow = await measureRowByRow(client, goodRows(wish, peerRows));
      // Before and after, since shared machines change their speed meanwhile.
      const { csvParse } = pace();
      run.say(
        `  COPY ${number(copy)} rows/s, row by row ${number(rowByRow)} rows/s, csv-parse ${number(csvParse)} rows/s`,
      );
      return { phases: measured, csvParse, copy, rowByRow, machine: await describeMachine(client) };
    });
  });
}

interface PhaseTools {
  product: Product;
  meter: UsageMeter;
  health: Health;
  file: ExportFile;
  /** What the accepted rows must come to; what is not named must be 0. */
  outcome: Partial<ImportRows>;
  onProgress?: (state: ImportState) => void;
}

async function measurePhase(run: Run, phase: Phase, tools: PhaseTools): Promise<PhaseFigures> {
  const { product, meter, health, file, outcome } = tools;
  await withClient(product.databaseUrl, untilIdle);
  await health.take();
  meter.begin();
  const uploadedFrom = Date.now();
  const id = await upload(product.url, file.path);
  const state = await followImport(product.url, id, (now) => {
    tools.onProgress?.(now);
    return false;
  });
  const usage = meter.read();
  const { milliseconds, failures } = await health.take();

  await check(product, state, file.expected, outcome);
  const { rows } = file.expected;
  const startedAt = Date.parse(state.startedAt ?? "");
  const endedAt = Date.parse(state.endedAt ?? "");
  const seconds = (endedAt - startedAt) / 1000;
  run.say(`  ${phase}: ${number(rows / seconds)} rows/s`);
  return {
    rowsPerSecond: rows / seconds,
    rowsPerSecondWithUpload: (rows * 1000) / (endedAt - uploadedFrom),
    seconds,
    cpuMicrosPerRow: Object.fromEntries(
      Object.entries(usage.cpuSeconds).map(([role, spent]) => [role, (spent * 1e6) / rows]),
    ) as Record<Role, number>,
    peakBytes: usage.peakBytes,
    elsewhere: usage.elsewhere,
    healthMs: milliseconds,
    healthFailures: failures,
  };
}

const rejectedRows = ({ rejected }: Expected) => Object.values(rejected).reduce((sum, rows) => sum + rows, 0);

const acceptedRows = (expected: Expected) => expected.rows - rejectedRows(expected) - expected.discarded;

/** Speed without correctness is nothing: totals, the reason of every rejection, and what the tables hold. */
async function check(
  product: Product,
  state: ImportState,
  expected: Expected,
  outcome: Partial<ImportRows>,
): Promise<void> {
  assert.equal(state.status, "completed_with_errors", state.failure ?? "status");
  assert.deepEqual(
    state.rows,
    {
      ...{ created: 0, updated: 0, unchanged: 0, ...outcome },
      total: expected.rows,
      rejected: rejectedRows(expected),
      discarded: expected.discarded,
    },
    "the import's totals are wrong",
  );
  await withClient(product.databaseUrl, async (client) => {
    const { rows: codes } = await client.query<{ code: string; rows: number }>(
      `select code, count(*)::integer as rows
      from import_errors where import_id = $1 and outcome = 'rejected' group by code`,
      [state.id],
    );
    const found = Object.fromEntries(codes.map(({ code, rows }) => [code, rows]));
    assert.deepEqual(found, expected.rejected, "rows are rejected for other reasons than theirs");
    const { rows: sums } = await client.query<{ users: number; installations: number; launches: number }>(
      `select (select count(*)::integer from users) as users, count(*)::integer as installations,
        sum(launch_count)::float8 as launches
      from installations`,
    );
    const { users, installations, launches } = expected;
    assert.deepEqual(sums[0], { users, installations, launches }, "the tables hold something else");
  });
}

function measureLarge(run: Run, folder: string, options: Options): Promise<LargeFigures> {
  return scoped(run, async (part) => {
    const { large: rows, seed } = options;
    run.say(`Making a file of ${number(rows)} rows …`);
    const file = await writeExport(join(folder, "export-large.csv"), { rows, seed, isChanged: false });
    const product = await startProduct(part, makeFolder(part));
    const highWater = () =>
      Object.fromEntries(nodeRoles.map((role) => [role, highWaterBytes(product.parts[role])]));
    let bytesAtSmall = highWater();
    const fresh = await measurePhase(run, "fresh", {
      product,
      meter: startUsageMeter(part, product.parts),
      health: watchHealth(part, product.url),
      file,
      outcome: { created: acceptedRows(file.expected) },
      onProgress: (state) => {
        if (state.rows.total <= options.rows) bytesAtSmall = highWater();
      },
    });
    return { rows, fresh, bytesAtSmall, bytesAtEnd: highWater() };
  });
}

function report(
  options: Options,
  file: ExportFile,
  figures: readonly RunFigures[],
  large: LargeFigures | null,
): string {
  const { rows, runs, seed } = options;
  const size = `${number(file.bytes / rows)} bytes a row`;
  return [
    `${new Date().toISOString().slice(0, 10)}, ${figures[0]?.machine}.`,
    `\`npm run bench import -- --rows ${rows} --large ${options.large} --runs ${runs} --seed ${seed}\`: ${size}, all columns, 3 tags, 1 % of the rows bad.`,
    `${runs === 1 ? "One run" : `Medians of ${runs} runs, each`} on a fresh product (lowest to highest). Yardstick: csv-parse alone read ${spread(figures.map((run) => run.csvParse))} rows/s of this file before and after the runs. Others and the bench itself took ${percent(median(figures.map((run) => run.phases.fresh.elsewhere)))} of the CPU time during the fresh imports.`,
    "",
    speedTable(figures),
    "",
    costTable(figures),
    "",
    "Memory is the highest sample: RSS of a Node process; of PostgreSQL the private memory of all its processes and its shared memory once. The api's CPU includes the upload and ten `/healthz` a second.",
    "",
    goalTable(figures, large),
    ...(large ? ["", largeLines(options, large)] : []),
  ].join("\n");
}

const ofPhase = (
  figures: readonly RunFigures[],
  phase: Phase,
  value: (phase: PhaseFigures) => number,
): number[] => figures.map((run) => value(run.phases[phase]));

const percent = (share: number) => `${number(share * 100)} %`;
const megabytes = (bytes: number) => bytes / 1e6;

function speedTable(figures: readonly RunFigures[]): string {
  const rows = phases.map((phase) => {
    const cell = (digits: number, value: (phase: PhaseFigures) => number) =>
      spread(ofPhase(figures, phase, value), digits);
    return [
      phase,
      cell(0, (run) => run.rowsPerSecond),
      cell(0, (run) => run.rowsPerSecondWithUpload),
      cell(1, (run) => run.seconds),
      cell(1, (run) => percentile(run.healthMs, 0.5)),
      cell(1, (run) => percentile(run.healthMs, 0.99)),
      cell(1, (run) => Math.max(...run.healthMs)),
    ];
  });
  const health = ["/healthz p50, ms", "p99", "slowest"];
  return table(["import", "rows/s", "rows/s with the upload", "s", ...health], rows);
}

function costTable(figures: readonly RunFigures[]): string {
  const rows = [...nodeRoles, "postgres" as const].map((role) => {
    const cpu = (phase: Phase) =>
      spread(
        ofPhase(figures, phase, (run) => run.cpuMicrosPerRow[role]),
        1,
      );
    const peaks = figures.map((run) => Math.max(...phases.map((phase) => run.phases[phase].peakBytes[role])));
    return [role, ...phases.map(cpu), spread(peaks.map(megabytes))];
  });
  return table(["process", ...phases.map((phase) => `${phase}: CPU µs a row`), "peak memory, MB"], rows);
}

/** Each goal beside its figure, met or not. */
function goalTable(figures: readonly RunFigures[], large: LargeFigures | null): string {
  const rows: string[][] = [];
  const judge = (what: string, goal: string, figure: string, isMet: boolean) =>
    rows.push([what, goal, figure, isMet ? "met" : "NOT MET"]);

  for (const phase of phases) {
    const speeds = ofPhase(figures, phase, (run) => run.rowsPerSecond);
    judge(
      `${phase} import`,
      `≥ ${number(goals[phase])} rows/s`,
      spread(speeds),
      median(speeds) >= goals[phase],
    );
    const goal = goals[phase] / goalMachineCsvParse;
    const ratios = figures.map((run) => run.phases[phase].rowsPerSecond / run.csvParse);
    judge(
      `${phase} import to csv-parse alone`,
      `≥ ${number(goal, 2)} ×`,
      `${spread(ratios, 2)} ×`,
      median(ratios) >= goal,
    );
  }
  const ratios = figures.map((run) => run.phases.fresh.rowsPerSecond / run.rowByRow);
  const speeds = spread(figures.map((run) => run.rowByRow));
  judge(
    "fresh import to row by row",
    `≥ ${goals.timesRowByRow} ×`,
    `${spread(ratios, 1)} × of ${speeds} rows/s`,
    median(ratios) >= goals.timesRowByRow,
  );
  const copies = figures.map((run) => run.phases.fresh.rowsPerSecond / run.copy);
  rows.push([
    "fresh import to plain COPY of the bytes",
    "none",
    `${spread(copies, 2)} × of ${spread(figures.map((run) => run.copy))} rows/s`,
    "",
  ]);

  const health = figures.map((run) =>
    percentile(
      phases.flatMap((phase) => run.phases[phase].healthMs),
      0.99,
    ),
  );
  judge(
    "/healthz p99 meanwhile",
    `≤ ${goals.healthP99Ms} ms`,
    `${spread(health, 1)} ms`,
    median(health) <= goals.healthP99Ms,
  );
  const failures = figures.flatMap((run) => phases.map((phase) => run.phases[phase].healthFailures));
  const failed = failures.reduce((sum, count) => sum + count, 0);
  judge("/healthz without an answer", "0", number(failed), failed === 0);

  const largest = figures.map((run) =>
    Math.max(...phases.flatMap((phase) => nodeRoles.map((role) => run.phases[phase].peakBytes[role]))),
  );
  judge(
    "largest Node process",
    `< ${number(megabytes(goals.nodeBytes))} MB`,
    `${spread(largest.map(megabytes))} MB`,
    Math.max(...largest) < goals.nodeBytes,
  );
  if (large) judgeGrowth(judge, large);
  return table(["what", "goal", "figure", ""], rows);
}

function judgeGrowth(
  judge: (what: string, goal: string, figure: string, isMet: boolean) => void,
  large: LargeFigures,
): void {
  for (const role of ["worker", "api"]) {
    const growth = (large.bytesAtEnd[role] ?? 0) / (large.bytesAtSmall[role] ?? 0);
    const bytes = large.bytesAtEnd[role] ?? 0;
    judge(
      `memory of the ${role}, large file`,
      `flat (≤ ${goals.growth} ×), < ${number(megabytes(goals.nodeBytes))} MB`,
      `${number(growth, 2)} ×, ${number(megabytes(bytes))} MB`,
      growth <= goals.growth && bytes < goals.nodeBytes,
    );
  }
}

function largeLines(options: Options, large: LargeFigures): string {
  const { fresh } = large;
  const rows = nodeRoles.map((role) => [
    role,
    number(megabytes(large.bytesAtSmall[role] ?? 0)),
    number(megabytes(large.bytesAtEnd[role] ?? 0)),
  ]);
  return [
    `One fresh import of ${number(large.rows)} rows: ${number(fresh.seconds, 1)} s, ${number(fresh.rowsPerSecond)} rows/s; PostgreSQL at most ${number(megabytes(fresh.peakBytes.postgres))} MB; \`/healthz\` p99 ${number(percentile(fresh.healthMs, 0.99), 1)} ms. High-water marks of the Node processes, MB:`,
    "",
    table(["process", `at ${number(options.rows)} rows`, `at ${number(large.rows)} rows`], rows),
  ].join("\n");
}
