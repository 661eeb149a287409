import type { EventChange } from "../../events/merge.ts";
import type { InstallationChange } from "../../installations/merge.ts";
import type { AttributeUse } from "../../users/attribute-rules.ts";
import type { AttributeType } from "../../users/attribute-types.ts";
import type { UserChange } from "../../users/merge.ts";
import type { FileFault } from "../read/record.ts";
import type { ImportChannel, ImportMapping } from "../schema.ts";
import type { PhoneRules } from "../values/phone.ts";

/** What a row counts as new by: its installation, its user, or an address the user did not have. */
type Subject = "installation" | "user" | "email" | "phone";

/** What a row says of a person, and perhaps of one of their devices. */
export interface PersonRow {
  kind: "person";
  line: number;
  /** What must be unique in the file. */
  rowKey: string;
  subject: Subject;
  user: UserChange;
  installation: InstallationChange | null;
}

/** A thing that happened, by its row. */
export interface EventRow {
  kind: "event";
  line: number;
  rowKey: string;
  event: EventChange;
}

export type MappedRow = PersonRow | EventRow;

/** A record of the file as a row. Throws `Rejected`. */
type RowMapper = (line: number, fields: readonly string[]) => MappedRow;

/** What a column of the file is taken for; shown to people, and remembered for the next file with this header. */
export interface ColumnUse {
  name: string;
  /** A field of the format, `attribute`, `data`, or null: it is ignored. */
  to: string | null;
  /** Of an attribute or a piece of an event's data: its name there. */
  as: string | null;
  type: AttributeType | null;
}

/** How the rows of one file are read. */
export interface FilePlan {
  columns: ColumnUse[];
  /** Column that says who or what a row is about; null where the format fixes it. */
  key: string | null;
  map: RowMapper;
}

/** Something that was passed over or put right without losing the row. */
export interface Notice {
  code: "value_ignored" | "phone_symbols";
  line: number;
  column: string;
  detail: string;
}

/** A notice once a file and cause, or one about the whole file. */
export interface Warning {
  code: Notice["code"] | "channel_not_ready";
  /** Null: it is about the file. */
  column: string | null;
  detail: string;
  /** How many rows. */
  count: number;
  /** The first line it was seen on. */
  line: number | null;
}

/** What reading a file needs to know besides its rows. */
export interface FileContext {
  appId: string;
  /** IANA name, of times without an offset. */
  timeZone: string;
  phone: PhoneRules;
  /** Whether a blank cell erases what is stored; `\N` always does. */
  erasesBlanks: boolean;
  isStrict: boolean;
  /** Given to what the file creates or changes, besides its own tags. */
  importTag: string;
  /** The channel the users are meant for, which they get as a tag. */
  channel: ImportChannel | null;
  /** Types of the attributes that there are, by name: they are fixed. */
  attributeTypes: ReadonlyMap<string, AttributeType>;
  /** How to read the columns, as the caller said; what it leaves out is taken from `remembered`, else guessed. */
  mapping: ImportMapping | null;
  /** What the last file with this header was read as. */
  remembered: { columns: ColumnUse[]; key: string | null } | null;
  warn(notice: Notice): void;
  /** Told of each attribute with the first row that writes it: from then on its type is fixed. */
  onAttribute(use: AttributeUse): void;
}

/** A file that cannot be planned: every reason at once, with what is known of the columns. */
export type Planned =
  | { ok: true; plan: FilePlan }
  | { ok: false; faults: FileFault[]; columns: ColumnUse[]; key: string | null };

/** What a cell says: `\N` erases, as in PostgreSQL's COPY; blank ones erase when the file is imported so. */
export const erased = "\\N";
