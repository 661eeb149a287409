import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { pause } from "../lib/processes.ts";
import { StartError } from "../lib/start-error.ts";
import { readArguments } from "./arguments.ts";
import { type ImportApi, type ImportState, openImportApi } from "./import-api.ts";
import { openProgress } from "./import-progress.ts";
import { findProduct } from "./product.ts";

const ended = ["completed", "completed_with_errors", "failed", "cancelled"];
const pollMs = 250;
const shownErrors = 10;

/** `chapar import FILE [options]`: uploads it, follows the import, tells what became of it. 1 when it failed. */
export async function importCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      format: { type: "string", default: "auto" },
      country: { type: "string" },
      encoding: { type: "string" },
      mapping: { type: "string" },
      phone: { type: "string" },
      columns: { type: "string" },
      "on-blank": { type: "string" },
      channel: { type: "string" },
      segment: { type: "string" },
      consent: { type: "string" },
      "row-limit": { type: "string" },
      "dry-run": { type: "boolean", default: false },
      url: { type: "string" },
      token: { type: "string" },
    },
    { min: 1, max: 1 },
  );
  const { format, country, encoding, mapping, phone, columns, channel, segment, consent } = values;
  const asked = {
    ...{ format, country, encoding, mapping, phone, columns, channel, segment, consent },
    onBlank: values["on-blank"],
    rowLimit: values["row-limit"],
  };
  const query = new URLSearchParams({
    name: basename(positionals[0] ?? ""),
    dryRun: String(values["dry-run"]),
  });
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, value);
  const file = positionals[0] ?? "";
  const size = sizeOf(file);
  const api = openImportApi(findProduct(values.url, values.token));

  const started = performance.now();
  const id = await api.upload(createReadStream(file), query, size);
  const final = await follow(api, id);
  await report(api, final, (performance.now() - started) / 1000);
  return final.status === "failed" || final.status === "cancelled" ? 1 : 0;
}

function sizeOf(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) throw new StartError(`There is no file ${file}`);
  if (!stats.isFile()) throw new StartError(`${file} is not a file`);
  return stats.size;
}

async function follow(api: ImportApi, id: string): Promise<ImportState> {
  const progress = openProgress();
  try {
    for (;;) {
      const state = await api.read(id);
      progress.show(state);
      if (ended.includes(state.status)) return state;
      await pause(pollMs);
    }
  } finally {
    progress.close();
  }
}

async function report(api: ImportApi, state: ImportState, seconds: number): Promise<void> {
  const { rows } = state;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(
    `${state.status.replaceAll("_", " ")}: ${rows.total} rows in ${seconds.toFixed(1)} s (import ${state.id})`,
  );
  say(
    `created ${rows.created}, updated ${rows.updated}, unchanged ${rows.unchanged}, rejected ${rows.rejected}, discarded ${rows.discarded}`,
  );
  if (state.dryRun) say("This was a dry run: nobody was stored.");
  if (state.segment) say(`segment: ${state.segment.name}`);
  for (const { detail } of state.faults) say(detail);
  if (state.failure && state.faults.length === 0) say(state.failure);
  for (const { line, count, column, detail } of state.warnings) {
    say(line === null ? detail : `line ${line}, and ${count - 1} more: ${column}: ${detail}`);
  }
  if (rows.rejected === 0) return;
  for (const error of await api.errors(state.id, shownErrors)) say(`line ${error.line}: ${error.detail}`);
  if (rows.rejected > shownErrors) say(`… and ${rows.rejected - shownErrors} more`);
}
