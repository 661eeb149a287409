import { z } from "zod";
import { attributeTypes } from "../users/attribute-types.ts";
import { encodings } from "./fields.ts";

/** What each row of the file came to. `total` is the sum of the others once the import has ended. */
export const ImportRows = z
  .object({
    total: z.int().describe("Rows read from the file so far, without the header"),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    rejected: z.int().describe("Rows that cannot be used; see /errors"),
    discarded: z
      .int()
      .describe("Rows that a later row of the same file replaces, or beyond the row limit; see /errors"),
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

export const ImportFormat = z.enum(["onesignal", "broadcast-list", "generic", "events"]);
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

export const ImportChannel = z.enum(["inbox", "push", "email", "sms", "whatsapp"]);
export type ImportChannel = z.infer<typeof ImportChannel>;

/** As asked, with the defaults filled in. */
export const ImportOptions = z
  .object({
    country: z.string().nullable().describe("ISO 3166 alpha-2; of phone numbers without a country code"),
    encoding: z.enum(encodings).nullable().describe("Null: found out from the bytes"),
    onBlank: z.enum(["keep", "erase"]).describe("What a blank cell does to what is stored"),
    phone: z.enum(["lenient", "strict"]).describe("Strict takes digits only"),
    columns: z.enum(["lenient", "strict"]).describe("Strict asks for every mandatory value in every row"),
    mapping: ImportMapping.nullable(),
    channel: ImportChannel.nullable().describe("The channel the users are meant for; they get it as a tag"),
    segment: z.string().nullable().describe("Name of the segment that every accepted row goes into"),
    rowLimit: z.int().nullable().describe("Rows after this many are discarded; null: none are"),
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

const ImportFault = z
  .object({
    code: z.string().describe("Stable code, for example `column_missing`"),
    column: z.string().nullable().describe("The column or attribute; null when it is about the whole file"),
    detail: z.string().describe("What is wrong and what would be right"),
  })
  .meta({ id: "ImportFault" });

const ImportWarning = z
  .object({
    code: z.string().describe("`value_ignored`, `phone_symbols`, `channel_not_ready`"),
    column: z.string().nullable().describe("Null when it is about the whole file"),
    detail: z.string(),
    count: z.int().describe("How many rows; 0 when it is about the whole file"),
    line: z.int().nullable().describe("The first of them"),
  })
  .meta({ id: "ImportWarning" });

export const Import = z
  .object({
    id: z.uuid(),
    name: z.string().describe("File name as given by the caller"),
    format: z.union([ImportFormat, z.literal("auto")]).describe("`auto` until the header was read"),
    dryRun: z.boolean().describe("Counts and reports as a real run would, and stores no user"),
    options: ImportOptions,
    createdBy: z
      .string()
      .nullable()
      .describe("Name of the access token, or e-mail address of the account, that sent it"),
    segment: z
      .object({ id: z.uuid(), name: z.string() })
      .nullable()
      .describe("The segment that the rows went into; null before there is one"),
    consent: z
      .object({
        text: z.string(),
        by: z.string().nullable(),
        at: z.iso.datetime(),
        sha256: z.string().nullable(),
      })
      .nullable()
      .describe("What the uploader agreed to, who, when, and for which file"),
    understood: Understood.nullable().describe("What was made of the file; null until it was opened"),
    status: ImportStatus,
    rows: ImportRows,
    fileErasedAt: z.iso
      .datetime()
      .nullable()
      .describe("When the file was deleted, since somebody in it was erased; null while it can be read"),
    expiredAt: z.iso
      .datetime()
      .nullable()
      .describe("When the file and the results of its rows were deleted, since the app keeps them no longer"),
    bytes: z.object({
      total: z.int().nullable().describe("Size of the uploaded file, bytes; null while it is coming in"),
      read: z.int().describe("Of these, read so far; while the file is coming in, stored so far"),
    }),
    sha256: z.string().nullable().describe("Of the uploaded bytes, hex; null while they are coming in"),
    failure: z
      .string()
      .nullable()
      .describe("Why the file was refused or where a cancelled import stopped, in words"),
    faults: z.array(ImportFault).describe("Everything for which the file was refused"),
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
    duration: z
      .number()
      .nullable()
      .describe("Seconds from the start of the run to its end; null before that"),
    rate: z.number().nullable().describe("Rows per second, over the duration"),
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

/** What a file looks like to us, and its first rows, before anything of it is stored. */
export const ImportPreview = z
  .object({
    format: ImportFormat.describe("As asked, or as the header shows"),
    understood: Understood,
    rows: z
      .array(
        z.object({
          line: z.int(),
          values: z.array(z.string()).nullable().describe("By column; null when the row cannot be read"),
          faults: z.array(z.object({ code: z.string(), column: z.string().nullable(), detail: z.string() })),
        }),
      )
      .describe("The first rows, at most 20"),
    faults: z.array(ImportFault).describe("Why an import would refuse the file; empty when it would not"),
    warnings: z.array(ImportWarning).describe("Of the rows shown, and of the file"),
  })
  .meta({ id: "ImportPreview" });
export type ImportPreview = z.infer<typeof ImportPreview>;

const ReadingQuery = z.object({
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
  onBlank: z.enum(["keep", "erase"]).default("keep"),
  phone: z.enum(["lenient", "strict"]).default("lenient"),
  columns: z.enum(["lenient", "strict"]).default("lenient"),
  mapping: z.string().max(65_536).optional().describe("JSON, see ImportMapping"),
  channel: ImportChannel.optional().describe(
    "Given to the users as a tag; a broadcast list is for `whatsapp`",
  ),
  rowLimit: z.coerce
    .number<string | number>()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .describe("Accept this many rows and discard the rest, each with its reason; none by default"),
});

/** Query of `POST /api/imports/preview`: how to read the bytes in the body. */
export const PreviewQuery = ReadingQuery.extend({
  partial: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true")
    .describe("The body is the beginning of a file: its last row may be cut"),
});
export type PreviewQuery = z.infer<typeof PreviewQuery>;

export const ImportQuery = ReadingQuery.extend({
  dryRun: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true")
    .describe("Report what a real run would do, and store no user"),
  segment: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .optional()
    .describe("Name of the segment that accepted rows go into; made when there is none of this name"),
  consent: z
    .string()
    .trim()
    .min(1)
    .max(4_000)
    .optional()
    .describe("The words that the uploader agreed to; kept with who, when and the file's sha-256"),
  fileOf: z
    .uuid()
    .optional()
    .describe("Import the file of this earlier import again, instead of a body; after a dry run, say"),
});
export type ImportQuery = z.infer<typeof ImportQuery>;
