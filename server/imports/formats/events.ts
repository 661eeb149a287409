import { parseMoment } from "../../lib/dates.ts";
import { europeanDigits } from "../../lib/digits.ts";
import { eventKey, installationKey, userKey } from "../../lib/keys.ts";
import { type EventField, eventFields } from "../fields.ts";
import { readId } from "../values/ids.ts";
import { quoted, Rejected } from "../values/rejected.ts";
import { readNumber, readTyped } from "../values/types.ts";
import { planColumns } from "./columns.ts";
import { type ColumnUse, type EventRow, erased, type FileContext, type Planned } from "./format.ts";

const dayMs = 86_400_000;
const earliest = Date.UTC(2000, 0, 1);

/** A table of things that happened: who, what, when, a value, and more columns as data. */
export function planEvents(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  context: FileContext,
): Planned {
  const { columns, faults } = planColumns(header, sample, context, { fields: eventFields, rest: "data" });
  const mapped = columns.map((column) => column.to);
  for (const field of ["event", "time"]) {
    if (!mapped.includes(field))
      faults.push({
        ...{ code: "column_missing", column: field },
        detail: `No column is the ${field}; name one ${field}, or map one to it.`,
      });
  }
  if (!mapped.includes("userId") && !mapped.includes("installationId")) {
    faults.push({
      ...{ code: "key_missing", column: null },
      detail: "No column says who did it; name one userId or installationId, or map one to it.",
    });
  }
  if (faults.length > 0) return { ok: false, faults, columns, key: null };
  return { ok: true, plan: { columns, key: null, map: rowMapper(columns, context) } };
}

function rowMapper(columns: readonly ColumnUse[], { appId, timeZone }: FileContext) {
  const place = new Map(columns.map((column, index) => [column.to, index]));
  const nameOf = (field: EventField) => columns[place.get(field) ?? -1]?.name ?? field;
  const data = columns.flatMap((column, index) =>
    column.to === "data"
      ? [{ index, column, name: column.as ?? column.name, type: column.type ?? "TEXT" }]
      : [],
  );

  return (line: number, fields: readonly string[]): EventRow => {
    const read = (field: EventField): string | null => {
      const text = (fields[place.get(field) ?? -1] ?? "").trim();
      return text === "" || text === erased ? null : text;
    };
    const userText = read("userId");
    const userId = userText === null ? null : readId(userText, nameOf("userId"));
    const installationText = read("installationId");
    const installation =
      installationText === null
        ? null
        : installationKey(appId, readId(installationText, nameOf("installationId")));
    if (userId === null && installation === null) {
      throw new Rejected(
        "value_missing",
        null,
        "The row says neither whose event nor on which installation.",
      );
    }
    const name = required("event");
    if (name.length > 128) {
      throw new Rejected(
        "text_too_long",
        nameOf("event"),
        `${nameOf("event")} has ${name.length} characters; at most 128 fit.`,
      );
    }
    const at = moment(required("time"));
    const valueText = read("value");
    const number = valueText === null ? null : readNumber(valueText);
    const text =
      number === null && valueText !== null ? readTyped("TEXT", valueText, nameOf("value"), timeZone) : null;
    const details: Record<string, unknown> = {};
    for (const { index, column, name: key, type } of data) {
      const cell = (fields[index] ?? "").trim();
      if (cell !== "" && cell !== erased) details[key] = readTyped(type, cell, column.name, timeZone);
    }
    const given = read("eventId");
    const who = userId ?? installationText ?? "";
    const identity =
      given === null ? [who, name, at.toISOString(), valueText ?? "", JSON.stringify(details)] : [given];
    const eventId = eventKey(appId, identity);
    return {
      kind: "event",
      line,
      rowKey: eventId,
      event: {
        line,
        eventId,
        hasId: given !== null,
        userKey: userId === null ? null : userKey(appId, userId),
        userId,
        installationKey: installation,
        name,
        at,
        value: number,
        valueText: text === null ? null : String(text),
        data: details,
      },
    };

    function required(field: EventField): string {
      const found = read(field);
      if (found !== null) return found;
      throw new Rejected("value_missing", nameOf(field), `${nameOf(field)} is blank; every event needs it.`);
    }
  };

  function moment(text: string): Date {
    const at = parseMoment(europeanDigits(text), timeZone);
    const column = nameOf("time");
    if (at === null) {
      throw new Rejected(
        "date_invalid",
        column,
        `${column} must be a moment such as 2024-05-02 18:21:07, not ${quoted(text)}.`,
      );
    }
    if (at.getTime() < earliest || at.getTime() > Date.now() + dayMs) {
      throw new Rejected(
        "date_invalid",
        column,
        `${column} must lie between the year 2000 and now; it is ${quoted(text)}.`,
      );
    }
    return at;
  }
}
