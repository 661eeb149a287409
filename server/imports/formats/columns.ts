import { parseMoment } from "../../lib/dates.ts";
import { persianLetters } from "../../lib/names.ts";
import {
  type AttributeFault,
  type AttributeUse,
  attributeFaults,
  isAttributeName,
} from "../../users/attribute-rules.ts";
import { type AttributeType, attributeTypes } from "../../users/attribute-types.ts";
import type { EventField, PersonField } from "../fields.ts";
import type { FileFault } from "../read/record.ts";
import type { ColumnTarget } from "../schema.ts";
import { readNumber } from "../values/types.ts";
import type { ColumnUse, FileContext } from "./format.ts";

// What people call these columns, in letters and digits only and lower case.
const synonyms: Record<string, PersonField | EventField> = {
  userid: "userId",
  uid: "userId",
  externaluserid: "userId",
  externalid: "userId",
  customerid: "userId",
  userusername: "userId",
  شناسهکاربر: "userId",
  کدکاربری: "userId",
  installationid: "installationId",
  deviceid: "installationId",
  playerid: "installationId",
  subscriptionid: "installationId",
  phone: "phone",
  phoneno: "phone",
  phonenumber: "phone",
  mobile: "phone",
  mobilenumber: "phone",
  msisdn: "phone",
  tel: "phone",
  telephone: "phone",
  cellphone: "phone",
  whatsapp: "phone",
  userphoneno: "phone",
  userphonenumber: "phone",
  تلفن: "phone",
  موبایل: "phone",
  همراه: "phone",
  تلفنهمراه: "phone",
  شمارهتلفن: "phone",
  شمارهموبایل: "phone",
  شمارههمراه: "phone",
  شماره: "phone",
  email: "email",
  emailaddress: "email",
  mail: "email",
  useremail: "email",
  ایمیل: "email",
  پستالکترونیک: "email",
  language: "language",
  lang: "language",
  locale: "language",
  زبان: "language",
  tags: "tags",
  tag: "tags",
  برچسب: "tags",
  برچسبها: "tags",
  devicetype: "deviceType",
  platform: "deviceType",
  devicemodel: "deviceModel",
  devicetoken: "deviceToken",
  pushtoken: "deviceToken",
  osversion: "osVersion",
  deviceos: "osVersion",
  clientversion: "clientVersion",
  appversion: "clientVersion",
  launchcount: "launchCount",
  sessioncount: "launchCount",
  visits: "launchCount",
  installdate: "installDate",
  launchtime: "launchTime",
  lastactive: "launchTime",
  lastvisit: "launchTime",
  location: "location",
  country: "country",
  timezone: "timeZone",
  timezoneid: "timeZone",
  event: "event",
  eventname: "event",
  behaviour: "event",
  behavior: "event",
  رویداد: "event",
  time: "time",
  at: "time",
  date: "time",
  timestamp: "time",
  eventtime: "time",
  createdat: "time",
  زمان: "time",
  value: "value",
  amount: "value",
  revenue: "value",
  مقدار: "value",
  eventid: "eventId",
};

/** The column that a processed file has besides those of its original. */
export const commentsColumn = "Comments";

const plainName = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The field that a header is a name of, if any. Arabic yeh and kaf count as the Persian letters. */
export const fieldNamed = (name: string): string | undefined => synonyms[plainName(persianLetters(name))];

/**
 * What every column of a header is: as the caller said, else as the last file with this header had it, else by its name
 * and the values of the first rows. A field goes to the first column that claims it.
 */
export function planColumns(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  context: FileContext,
  { fields, rest }: { fields: readonly string[]; rest: "attribute" | "data" },
): { columns: ColumnUse[]; faults: FileFault[] } {
  const names = header.map((name) => name.trim());
  const faults: FileFault[] = [];
  const fault = (code: FileFault["code"], column: string, detail: string) =>
    faults.push({ code, column, detail });
  for (const name of doubled(names)) {
    fault("column_twice", name, `The column ${name} is there twice; rename or remove one of them.`);
  }
  const given = new Map(Object.entries(context.mapping?.columns ?? {}));
  for (const name of given.keys()) {
    if (names.includes(name)) continue;
    const detail = `The mapping speaks of a column ${name}, which the file does not have.`;
    fault("mapping_column_unknown", name, detail);
  }
  const remembered = new Map(context.remembered?.columns.map((column) => [column.name, column]));
  const columns = names.map((name, index): ColumnUse => {
    const target = given.get(name);
    if (target !== undefined) return readTarget(name, target, rest);
    const before = remembered.get(name);
    return before ? withFixedType(before) : guess(name, index);
  });
  for (const { name, to } of columns) {
    if (to === null || to === "attribute" || to === "data" || fields.includes(to)) continue;
    fault(
      "mapping_field_unknown",
      name,
      `The column ${name} is mapped to ${to}, which is no field; expected one of ${[...fields, rest, "ignore"].join(", ")}.`,
    );
  }
  for (const { name, as } of columns) {
    if (as !== null && !isAttributeName(as)) {
      fault("attribute_name", name, cannotName(name));
    }
  }
  const written = attributesOf(columns).map(({ name }) => name);
  for (const name of doubled(written).filter((name) => !doubled(names).includes(name))) {
    fault("attribute_twice", name, `Two columns are the attribute ${name}; rename or remove one of them.`);
  }
  const claimed = new Map<string, string>();
  for (const column of columns) {
    if (column.to === null || column.to === rest) continue;
    const first = claimed.get(column.to);
    if (first === undefined) claimed.set(column.to, column.name);
    else if (given.has(column.name))
      fault("mapping_twice", column.name, `${first} and ${column.name} are both mapped to ${column.to}.`);
    else Object.assign(column, { to: rest, as: column.name, type: "TEXT" });
  }
  return { columns, faults };

  function guess(name: string, index: number): ColumnUse {
    const blank = name === "" || name === commentsColumn;
    if (blank) return { name, to: null, as: null, type: null };
    const [label = name, suffix] = name.split("||");
    const field = suffix === undefined ? fieldNamed(name) : undefined;
    if (field !== undefined && fields.includes(field)) return { name, to: field, as: null, type: null };
    const type = suffix?.trim().toUpperCase();
    if (type !== undefined && !isType(type)) {
      fault("type_unknown", name, noSuchType(name, suffix ?? ""));
    }
    if (isType(type)) return { name, to: rest, as: label.trim(), type };
    return withFixedType({ name, to: rest, as: label.trim(), type: guessType(sample, index) });
  }

  /** Nobody asked for a type: then an attribute has the one it was given first. */
  function withFixedType(column: ColumnUse): ColumnUse {
    if (column.to !== "attribute" || column.as === null) return column;
    return { ...column, type: context.attributeTypes.get(column.as) ?? column.type };
  }
}

export const cannotName = (column: string): string =>
  `The column ${column} cannot name an attribute; 1 to 128 characters can, and not __proto__.`;

export const noSuchType = (column: string, type: string): string =>
  `The column ${column} asks for the type ${JSON.stringify(type)}; expected one of ${attributeTypes.join(", ")}.`;

/** Why attributes cannot be written beside those that there are. */
export const faultsOfAttributes = (
  { attributeTypes: known }: Pick<FileContext, "attributeTypes">,
  uses: readonly AttributeUse[],
): FileFault[] => attributeFaults(known, uses).map(asFileFault);

export const asFileFault = ({ name, ...fault }: AttributeFault): FileFault => ({ ...fault, column: name });

/** The attributes among the columns. */
export const attributesOf = (columns: readonly ColumnUse[]): AttributeUse[] =>
  columns.flatMap(({ name, to, as, type }) =>
    to === "attribute" ? [{ name: as ?? name, type: type ?? "TEXT" }] : [],
  );

export const isType = (text: string | undefined): text is AttributeType =>
  (attributeTypes as readonly (string | undefined)[]).includes(text);

function readTarget(name: string, target: ColumnTarget, rest: "attribute" | "data"): ColumnUse {
  const { to, as, type } =
    typeof target === "string" ? { to: target, as: undefined, type: undefined } : target;
  if (to === "ignore") return { name, to: null, as: null, type: null };
  const isRest = to === "attribute" || to === "data";
  const label = name.split("||")[0]?.trim() ?? name;
  return {
    name,
    to: isRest ? rest : to,
    as: isRest ? (as ?? label) : null,
    type: isRest ? (type ?? "TEXT") : null,
  };
}

const doubled = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => name !== "" && names.indexOf(name) !== index)),
];

/** The type that all values of the first rows have; TEXT where there are none, or where zeros lead. */
function guessType(sample: readonly (readonly string[])[], index: number): AttributeType {
  const values = sample.map((fields) => (fields[index] ?? "").trim()).filter((value) => value !== "");
  if (values.length === 0) return "TEXT";
  const all = (fits: (value: string) => boolean) => values.every(fits);
  if (all((value) => /^(true|false)$/i.test(value))) return "BOOLEAN";
  if (all((value) => readNumber(value) !== null && !/^-?0\d/.test(value) && value.length < 10))
    return "NUMBER";
  if (all((value) => /^\d{4}-\d\d-\d\d$/.test(value) && parseMoment(value) !== null)) return "DATE";
  if (all((value) => value.length > 10 && /^\d{4}-\d\d-\d\d/.test(value) && parseMoment(value) !== null))
    return "DATETIME";
  return "TEXT";
}
