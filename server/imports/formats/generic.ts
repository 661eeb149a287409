import { personFields } from "../fields.ts";
import type { PersonKey } from "../schema.ts";
import { attributesOf, faultsOfAttributes, planColumns } from "./columns.ts";
import type { FileContext, Planned } from "./format.ts";
import { mapPeople, ownPlace } from "./people.ts";

const keys: readonly PersonKey[] = ["userId", "installationId", "phone", "email"];

/** Any table of people: what each column is, and which of them says who a row is about. */
export function planGeneric(
  header: readonly string[],
  sample: readonly (readonly string[])[],
  context: FileContext,
): Planned {
  const { columns, faults } = planColumns(header, sample, context, {
    fields: personFields,
    rest: "attribute",
  });
  const mapped = columns.map((column) => column.to);
  const wanted = context.mapping?.key ?? context.remembered?.key;
  const key = wanted ?? keys.find((field) => mapped.includes(field));
  if (key === undefined) {
    faults.push({
      ...{ code: "key_missing", column: null },
      detail:
        "No column says who a row is about. Name one userId, installationId, phone or email, or map one to it.",
    });
  } else if (!mapped.includes(key)) {
    const detail = `The key is ${key}, but no column is mapped to it.`;
    faults.push({ code: "key_missing", column: key, detail });
  }
  const attributes = attributesOf(columns);
  if (mapped.includes("location") && !mapped.includes("installationId")) attributes.push(ownPlace);
  faults.push(...faultsOfAttributes(context, attributes));
  if (faults.length > 0) return { ok: false, faults, columns, key: key ?? null };
  return {
    ok: true,
    plan: {
      columns,
      key: key ?? null,
      map: mapPeople(columns, key as PersonKey, context), // there is one, or it would be a fault
    },
  };
}
