import { createHash } from "node:crypto";
import type { Queryable } from "../db/database.ts";
import { readAttributeTypes } from "../users/attributes.ts";
import { chooseFormat, planFile } from "./formats/choose.ts";
import { commentsColumn } from "./formats/columns.ts";
import type { ColumnUse, FileContext, FilePlan } from "./formats/format.ts";
import { findRememberedMapping } from "./queries/history.ts";
import {
  type FileFault,
  type FileRecord,
  type Understood as FileUnderstood,
  UnreadableFile,
} from "./read/read.ts";
import type { ImportChannel, ImportFormat, ImportOptions, Understood } from "./schema.ts";
import { unguardFormula } from "./values/formula.ts";
import { Rejected } from "./values/rejected.ts";

/** Rows that the types of columns are guessed from. */
const sampleSize = 1_000;

/** For which app and how a file is read. */
export interface ReadingRequest {
  appKey: number;
  appId: string;
  timeZone: string;
  format: ImportFormat | "auto";
  options: ImportOptions;
  /** The tag of what is created or changed. */
  importTag: string;
  /** How the columns were read before, by the run that this one goes on from. */
  understood: Understood | null;
}

/** What was made of a file by its header. */
export interface OpenedFile {
  format: ImportFormat;
  channel: ImportChannel | null;
  understood: Understood;
  /** Of the columns' names: hex of sha-256. */
  headerHash: string;
}

export type Opened =
  | { ok: true; plan: FilePlan; file: OpenedFile }
  | { ok: false; faults: FileFault[]; file: OpenedFile };

/**
 * Decides by the header, and the rows that came along with it, how to read the file. Throws {@link UnreadableFile} when
 * there is no header to go by.
 */
export async function openTable(
  db: Queryable,
  request: ReadingRequest,
  [first, ...rest]: readonly FileRecord[],
  read: FileUnderstood | null,
  told: Pick<FileContext, "warn" | "onAttribute">,
): Promise<Opened> {
  if (!first) throw new UnreadableFile("The file is empty: it has no header.");
  if (!first.fields) {
    throw new UnreadableFile(`The header, line ${first.line}, cannot be read. ${first.fault}`);
  }
  const header = first.fields;
  const format = request.format === "auto" ? chooseFormat(header) : request.format;
  const headerHash = createHash("sha256").update(header.join("\0")).digest("hex");
  const remembered =
    request.understood ?? (await findRememberedMapping(db, { appKey: request.appKey, format, headerHash }));
  // A broadcast list is one of WhatsApp (the only channel it is for).
  const channel = request.options.channel ?? (format === "broadcast-list" ? "whatsapp" : null);
  const attributeTypes = await readAttributeTypes(db, request.appKey);
  const context = { ...contextOf(request), channel, attributeTypes, remembered, ...told };
  const sample = rest.slice(0, sampleSize).flatMap((record) => (record.fields ? [record.fields] : []));
  const planned = planFile(format, header, sample, context);
  const describe = (columns: ColumnUse[], key: string | null): OpenedFile => ({
    ...{ format, channel, headerHash },
    understood: {
      packing: read?.packing ?? "none",
      encoding: read?.encoding ?? null,
      delimiter: read?.delimiter ?? null,
      ...{ key, columns },
    },
  });
  if (!planned.ok) {
    return { ok: false, faults: planned.faults, file: describe(planned.columns, planned.key) };
  }
  const { plan } = planned;
  return {
    ok: true,
    plan: { ...plan, map: mapWhole(header, plan.map) },
    file: describe(plan.columns, plan.key),
  };
}

/** Refuses rows that do not fit the header; takes back what our own processed files do to cells. */
function mapWhole(header: readonly string[], map: FilePlan["map"]): FilePlan["map"] {
  const width = header.length;
  const isProcessed = header.some((name) => name.trim() === commentsColumn);
  return (line, fields) => {
    if (fields.length !== width) {
      throw new Rejected("row_width", null, `The row has ${fields.length} values, the header has ${width}.`);
    }
    return map(line, isProcessed ? fields.map(unguardFormula) : fields);
  };
}

function contextOf({ appId, timeZone, importTag, options }: ReadingRequest) {
  return {
    ...{ appId, timeZone, importTag },
    phone: { country: options.country, isStrict: options.phone === "strict" },
    erasesBlanks: options.onBlank === "erase",
    isStrict: options.columns === "strict",
    mapping: options.mapping,
  };
}

/** Spreadsheets write rows of nothing but delimiters below the last one. */
export const isBlankRow = (fields: readonly string[]): boolean =>
  fields[0] === "" && fields.every((field) => field === "");
