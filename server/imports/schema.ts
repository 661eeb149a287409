import { z } from "zod";

/** What each row of the file came to. `total` is the sum of the others once the import has ended. */
export const ImportRows = z
  .object({
    total: z.int().describe("Rows read from the file so far, without the header"),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    rejected: z.int().describe("Rows that cannot be used; see /errors"),
    discarded: z.int().describe("Earlier rows that a later row of the same file replaces; see /errors"),
  })
  .meta({ id: "ImportRows" });
export type ImportRows = z.infer<typeof ImportRows>;

export const ImportStatus = z.enum([
  "queued",
  "validating",
  "importing",
  "completed",
  "completed_with_errors",
  "failed",
  "cancelled",
]);
export type ImportStatus = z.infer<typeof ImportStatus>;

export const ImportFormat = z.enum(["onesignal"]);
export type ImportFormat = z.infer<typeof ImportFormat>;

export const Import = z
  .object({
    id: z.uuid(),
    name: z.string().describe("File name as given by the caller"),
    format: ImportFormat,
    status: ImportStatus,
    rows: ImportRows,
    bytes: z.object({
      total: z.int().describe("Size of the uploaded file, bytes"),
      read: z.int().describe("Of these, read so far"),
    }),
    sha256: z.string().describe("Of the uploaded bytes, hex"),
    failure: z.string().nullable().describe("Why the whole file was refused, in words"),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Import" });
export type Import = z.infer<typeof Import>;

/** A row that was rejected, or discarded because a later one replaced it. */
export const ImportError = z
  .object({
    line: z.int().describe("Line in the file where the row starts; the header is line 1"),
    outcome: z.enum(["rejected", "discarded"]),
    code: z.string().describe("Stable code, for example `value_missing`"),
    column: z.string().nullable(),
    detail: z.string().describe("What is wrong and what would be right"),
  })
  .meta({ id: "ImportError" });
export type ImportError = z.infer<typeof ImportError>;

export const ImportQuery = z.object({
  format: z.enum(["auto", "onesignal"]).default("auto").describe("`auto` looks at the header"),
  name: z.string().trim().min(1).max(255).optional().describe("File name to show in the history"),
});
