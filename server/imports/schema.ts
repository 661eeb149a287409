import { z } from "zod";
import { attributeTypes, encodings } from "./fields.ts";

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

export const ImportFormat = z.enum(["onesignal", "generic", "events"]);
export type ImportFormat = z.infer<typeof ImportFormat>;

export const PersonKey = z.enum(["userId", "installationId", "phone", "email"]);
export type PersonKey = z.infer<typeof PersonKey>;

const ColumnTarget = z.union([
  z.string().min(1),
  z.strictObject({
    to: z.string().min(1),
    as: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .optional()
      .describe("Name of the attribute; the header without one"),
    type: z.enum(attributeTypes).optional(),
  }),
]);
export type ColumnTarget = z.infer<typeof ColumnTarget>;

/** How to read the columns of a table: by header, a field (`userId`, `phone` …), `attribute`, `data` or `ignore`. */
export const ImportMapping = z
  .strictObject({
    key: PersonKey.optional().describe("Which column says who a row is about"),
    columns: z.record(z.string(), ColumnTarget).default({}),
  })
  .meta({ id: "ImportMapping" });
export type ImportMapping = z.infer<typeof ImportMapping>;

/** As asked, with the defaults filled in. */
export const ImportOptions = z
  .object({
    country: z.string().nullable().describe("ISO 3166 alpha-2; of phone numbers without a country code"),
    encoding: z.enum(encodings).nullable().describe("Null: found out from the bytes"),
    onBlank: z.enum(["keep", "erase"]).describe("What a blank cell does to what is stored"),
    phone: z.enum(["lenient", "strict"]).describe("Strict takes digits only"),
    columns: z.enum(["lenient", "strict"]).describe("Strict asks for every mandatory value in every row"),
    mapping: ImportMapping.nullable(),
  })
  .meta({ id: "ImportOptions" });
export type ImportOptions = z.infer<typeof ImportOptions>;

const Understood = z
  .object({
    packing: z.enum(["none", "gzip", "zip", "xlsx"]),
    encoding: z.string().nullable(),
    delimiter: z.string().nullable(),
    key: z
      .string()
      .nullable()
      .describe("Field that says who a row is about, where the format leaves it open"),
    columns: z.array(
      z.object({
        name: z.string(),
        to: z.string().nullable().describe("Null: ignored"),
        as: z.string().nullable().describe("Name of the attribute or of the piece of data"),
        type: z.enum(attributeTypes).nullable(),
      }),
    ),
  })
  .meta({ id: "ImportUnderstood" });
export type Understood = z.infer<typeof Understood>;

const ImportWarning = z
  .object({
    code: z.string(),
    column: z.string(),
    detail: z.string(),
    count: z.int().describe("How many rows"),
    line: z.int().describe("The first of them"),
  })
  .meta({ id: "ImportWarning" });

export const Import = z
  .object({
    id: z.uuid(),
    name: z.string().describe("File name as given by the caller"),
    format: z.union([ImportFormat, z.literal("auto")]).describe("`auto` until the header was read"),
    dryRun: z.boolean().describe("Counts and reports as a real run would, and stores no user"),
    options: ImportOptions,
    understood: Understood.nullable().describe("What was made of the file; null until it was opened"),
    status: ImportStatus,
    rows: ImportRows,
    bytes: z.object({
      total: z.int().nullable().describe("Size of the uploaded file, bytes; null while it is coming in"),
      read: z.int().describe("Of these, read so far; while the file is coming in, stored so far"),
    }),
    sha256: z.string().nullable().describe("Of the uploaded bytes, hex; null while they are coming in"),
    failure: z
      .string()
      .nullable()
      .describe("Why the file was refused or where a cancelled import stopped, in words"),
    warnings: z
      .array(ImportWarning)
      .describe("Values that were passed over; their rows came in without them"),
    undo: z
      .object({
        status: z.enum(["running", "done"]),
        users: z.int().describe("Users removed"),
        installations: z.int().describe("Installations removed"),
        events: z.int().describe("Events removed"),
      })
      .nullable()
      .describe("Null when nobody asked for one"),
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

/** A row that created or changed something. */
export const ImportChange = z
  .object({
    line: z.int(),
    outcome: z.enum(["created", "updated"]),
    userId: z.string().nullable().describe("Null when the user is gone"),
    installationId: z.string().nullable().describe("Of rows about a device that is still there"),
  })
  .meta({ id: "ImportChange" });
export type ImportChange = z.infer<typeof ImportChange>;

export const ImportQuery = z.object({
  format: z
    .enum(["auto", ...ImportFormat.options])
    .default("auto")
    .describe("`auto` looks at the header"),
  name: z.string().trim().min(1).max(255).optional().describe("File name to show in the history"),
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, "expected a country as ISO 3166 alpha-2, for example IR")
    .optional()
    .describe("Of phone numbers without a country code; also a hint for the character set"),
  encoding: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .describe("utf-8, utf-16le, utf-16be, windows-1252, windows-1256"),
  dryRun: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true")
    .describe("Report what a real run would do, and store no user"),
  onBlank: z.enum(["keep", "erase"]).default("keep"),
  phone: z.enum(["lenient", "strict"]).default("lenient"),
  columns: z.enum(["lenient", "strict"]).default("lenient"),
  mapping: z.string().max(65_536).optional().describe("JSON, see ImportMapping"),
});
export type ImportQuery = z.infer<typeof ImportQuery>;
