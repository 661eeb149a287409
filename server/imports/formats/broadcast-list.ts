import { isAttributeName } from "../../users/attribute-rules.ts";
import type { AttributeType } from "../../users/attribute-types.ts";
import { broadcastFields } from "../fields.ts";
import type { FileFault } from "../read/record.ts";
import {
  attributesOf,
  cannotName,
  commentsColumn,
  faultsOfAttributes,
  isType,
  noSuchType,
} from "./columns.ts";
import type { ColumnUse, FileContext, Planned } from "./format.ts";
import { mapPeople } from "./people.ts";

type Field = (typeof broadcastFields)[number];

/** Where the predefined columns that are no attributes go. */
const ownFields: Partial<Record<Field, string>> = { phone_no: "phone", email: "email" };

/** What other writings of the format call the same columns. */
const aliases: Record<string, Field> = { phone_number: "phone_no", user_name: "username" };

const shown = (field: Field) => `user.${field}`;
const inOrder = broadcastFields.map(shown).join(", ");

/** The predefined column that a header is, with or without `user.` before it. */
function predefined(header: string): Field | null {
  const name = header
    .trim()
    .toLowerCase()
    .replace(/^user\./, "");
  return aliases[name] ?? broadcastFields.find((field) => field === name) ?? null;
}

/** Whether a header is meant as one of a broadcast list, however wrong it may be. */
export function isBroadcastHeader(header: readonly string[]): boolean {
  if (header.some((name) => /^\s*user\.phone_(no|number)\s*$/i.test(name))) return true;
  const found = new Set(header.map(predefined));
  found.delete(null);
  return found.has("phone_no") && found.size >= broadcastFields.length - 1;
}

/**
 * The list of a WhatsApp broadcast: seven predefined columns in their order, and to the right of them one attribute a
 * column, named `name||TYPE`, or `name` for a text. Every fault of the header is answered at once.
 */
export function planBroadcastList(header: readonly string[], context: FileContext): Planned {
  const names = header.map((name) => name.trim());
  const fields = names.map(predefined);
  const faults = orderFaults(names, fields);
  const custom = names.map((name, index) => (fields[index] === null ? readCustom(name, faults) : null));
  const columns = names.map((name, index): ColumnUse => {
    const field = fields[index];
    const own = field && ownFields[field];
    if (own) return { name, to: own, as: null, type: null };
    if (field) return { name, to: "attribute", as: field, type: "TEXT" };
    const read = custom[index];
    return read
      ? { name, to: "attribute", as: read.name, type: read.type }
      : { name, to: null, as: null, type: null };
  });
  for (const name of repeated(custom)) {
    const detail = `The attribute ${name} has two columns; remove one of them.`;
    faults.push({ code: "attribute_twice", column: name, detail });
  }
  faults.push(...faultsOfAttributes(context, attributesOf(columns)));
  if (faults.length > 0) return { ok: false, faults, columns, key: "phone" };
  return { ok: true, plan: { columns, key: "phone", map: mapPeople(columns, "phone", context) } };
}

/** What is missing, there twice, or in the wrong place. */
function orderFaults(names: readonly string[], fields: readonly (Field | null)[]): FileFault[] {
  const faults: FileFault[] = [];
  const fault = (code: FileFault["code"], column: string | null, detail: string) =>
    faults.push({ code, column, detail });
  for (const field of broadcastFields) {
    const places = fields.flatMap((found, index) => (found === field ? [index] : []));
    if (places.length === 0) {
      const detail = `The column ${shown(field)} is missing; a broadcast list begins with ${inOrder}.`;
      fault("column_missing", shown(field), detail);
    }
    if (places.length > 1) {
      fault(
        "column_twice",
        shown(field),
        `The column ${shown(field)} is there ${places.length} times (columns ${places.map((at) => at + 1).join(" and ")}); keep one.`,
      );
    }
  }
  const present = fields.flatMap((field, index) => (field && fields.indexOf(field) === index ? [field] : []));
  const right = broadcastFields.filter((field) => present.includes(field));
  for (const [index, field] of right.entries()) {
    const before = right[index - 1];
    if (before && present.indexOf(before) > present.indexOf(field)) {
      fault(
        "column_misplaced",
        shown(field),
        `The column ${shown(field)} stands before ${shown(before)}; the predefined columns keep their order: ${inOrder}.`,
      );
    }
  }
  const last = fields.findLastIndex((field) => field !== null);
  for (const [index, name] of names.entries()) {
    if (index >= last || fields[index] !== null) continue;
    fault(
      "column_between",
      name === "" ? null : name,
      name === ""
        ? `Column ${index + 1} has no name and stands among the predefined ones; remove it.`
        : `The column ${name} stands among the predefined ones (column ${index + 1}); if it is one of them, give it back its name, else move it to the right of ${shown("account")}.`,
    );
  }
  return faults;
}

/** An attribute by its header; null for a column that is passed over. Adds to `faults` what is wrong with it. */
function readCustom(header: string, faults: FileFault[]): { name: string; type: AttributeType } | null {
  if (header === "" || header === commentsColumn) return null;
  const [label = "", suffix, ...more] = header.split("||");
  // `user.` says whose attribute it is, here as in a template.
  const name = label.trim().replace(/^user\./i, "");
  if (!isAttributeName(name)) {
    faults.push({ code: "attribute_name", column: header, detail: cannotName(header) });
    return null;
  }
  const type = suffix === undefined ? "TEXT" : suffix.trim().toUpperCase();
  if (isType(type) && more.length === 0) return { name, type };
  const asked = [suffix, ...more].join("||");
  faults.push({ code: "type_unknown", column: header, detail: noSuchType(header, asked) });
  return null;
}

function repeated(custom: readonly ({ name: string } | null)[]): string[] {
  const names = custom.flatMap((column) => (column ? [column.name] : []));
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
