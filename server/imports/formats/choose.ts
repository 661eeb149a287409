import type { ImportFormat } from "../schema.ts";
import { isBroadcastHeader, planBroadcastList } from "./broadcast-list.ts";
import { fieldNamed } from "./columns.ts";
import { planEvents } from "./events.ts";
import type { FileContext, Planned } from "./format.ts";
import { planGeneric } from "./generic.ts";
import { mandatoryColumns, planOneSignal } from "./onesignal.ts";

/** What a file is by its header: the player export, a broadcast list, a table of events, or any table of people. */
export function chooseFormat(header: readonly string[]): ImportFormat {
  const names = header.map((name) => name.trim().toLowerCase());
  // One column forgotten is still that export, and must be told so.
  if (mandatoryColumns.filter((column) => names.includes(column)).length >= mandatoryColumns.length - 1) {
    return "onesignal";
  }
  if (isBroadcastHeader(header)) return "broadcast-list";
  const fields = header.map((name) => fieldNamed(name));
  return fields.includes("event") && fields.includes("time") ? "events" : "generic";
}

/** @param sample the first rows, to guess types from */
export function planFile(
  format: ImportFormat,
  header: readonly string[],
  sample: readonly (readonly string[])[],
  context: FileContext,
): Planned {
  switch (format) {
    case "onesignal":
      return planOneSignal(header, context);
    case "broadcast-list":
      return planBroadcastList(header, context);
    case "generic":
      return planGeneric(header, sample, context);
    case "events":
      return planEvents(header, sample, context);
  }
}
