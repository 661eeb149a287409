import { readTimeZone } from "../accounts/time-zone.ts";
import type { Queryable } from "../db/database.ts";
import type { FilePlan } from "./formats/format.ts";
import { isBlankRow, openTable } from "./open.ts";
import { isZip } from "./read/packing.ts";
import { type FileRecord, type Understood as FileUnderstood, UnreadableFile } from "./read/read.ts";
import { bytesSource, readItems, readRecordsInThread } from "./records-in-thread.ts";
import type { IsChannelReady } from "./run.ts";
import type { ImportChannel, ImportFormat, ImportOptions, ImportPreview } from "./schema.ts";
import { faultsOf, Rejected } from "./values/rejected.ts";
import { channelWarnings, createWarnings } from "./warnings.ts";

const shownRows = 20;
/** What types are guessed from, and no more: the answer must come at once. */
const readRows = 1_001;
/** A workbook within the limits takes a few seconds; more would be waited for in vain. */
const patienceMs = 30_000;

/** Bytes of a file, or of its beginning. */
interface PreviewFile {
  bytes: Buffer;
  isPartial: boolean;
}

/** What an import of these bytes would make of them; nothing is stored. */
export async function previewFile(
  db: Queryable,
  app: { appKey: number; appId: string },
  file: PreviewFile,
  { format, options }: { format: ImportFormat | "auto"; options: ImportOptions },
  isChannelReady: IsChannelReady,
): Promise<ImportPreview> {
  const isReady = (channel: ImportChannel) => isChannelReady(db, app.appKey, channel);
  const none: ImportPreview = {
    format: format === "auto" ? "generic" : format,
    understood: { packing: "none", encoding: null, delimiter: null, key: null, columns: [] },
    ...{ rows: [], faults: [], warnings: await channelWarnings(options.channel, isReady) },
  };
  let read: FileUnderstood | null = null;
  try {
    const beginning = await readBeginning(file, options);
    const { records } = beginning;
    read = beginning.understood;
    const timeZone = await readTimeZone(db, app.appKey);
    const notices = createWarnings();
    const request = { ...app, timeZone, format, options, importTag: "", understood: null };
    const opened = await openTable(db, request, records, read, {
      warn: notices.add,
      onAttribute: () => {},
    });
    const { channel, understood } = opened.file;
    const rows = records
      .slice(1)
      .filter(({ fields }) => !fields || !isBlankRow(fields))
      .slice(0, shownRows)
      .map((record) => previewRow(record, opened.ok ? opened.plan : null));
    return {
      ...{ format: opened.file.format, understood, rows },
      faults: opened.ok ? [] : opened.faults,
      warnings: [...(await channelWarnings(channel, isReady)), ...notices.take()],
    };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const { packing = "none", encoding = null, delimiter = null } = (read ?? {}) as Partial<FileUnderstood>;
    return {
      ...none,
      understood: { ...none.understood, packing, encoding, delimiter },
      faults: [...error.faults],
    };
  }
}

/** The first records, the header among them, and what the file was understood as. */
async function readBeginning({ bytes, isPartial }: PreviewFile, { country, encoding }: ImportOptions) {
  const options = { country, encoding, isPartial };
  const records: FileRecord[] = [];
  let understood: FileUnderstood | null = null;
  // A zip or workbook is read as a whole, which would keep everybody else waiting.
  const reading = isZip(bytes)
    ? readRecordsInThread({ from: { bytes }, options }, AbortSignal.timeout(patienceMs))
    : readItems(bytesSource(bytes), options);
  try {
    for await (const item of reading) {
      records.push(...item.records);
      understood = item.understood;
      if (records.length >= readRows) break;
    }
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    if (name !== "TimeoutError" && code !== "ERR_WORKER_OUT_OF_MEMORY") throw error;
    throw new UnreadableFile(
      "The file is too large for a preview; import it without one, with dryRun=true first, or save it as CSV.",
    );
  }
  return { records: records.slice(0, readRows), understood };
}

function previewRow(record: FileRecord, plan: FilePlan | null): ImportPreview["rows"][number] {
  const { line, fields } = record;
  if (!fields) {
    return { line, values: null, faults: [{ code: "row_unreadable", column: null, detail: record.fault }] };
  }
  try {
    plan?.map(line, fields);
    return { line, values: fields, faults: [] };
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    const faults = faultsOf(error).map(({ code, column, message }) => ({ code, column, detail: message }));
    return { line, values: fields, faults };
  }
}
