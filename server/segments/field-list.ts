import type { Queryable } from "../db/database.ts";
import { type BuiltInField, type FieldGroup, fieldGroups, fieldValues, typeOf } from "./fields.ts";
import { behaviourStats, rulesByType } from "./operators.ts";
import { readVocabulary } from "./queries.ts";
import type { SegmentField, SegmentFields } from "./schema.ts";

/** Everything that a filter of the app can speak of: our fields, its attributes, its events. */
export async function listFields(db: Queryable, appKey: number): Promise<SegmentFields> {
  const { attributes, events } = await readVocabulary(db, appKey);
  const builtIn = Object.entries(fieldGroups).flatMap(([group, names]) =>
    Object.keys(names).map((name) => describe(group as FieldGroup, name as BuiltInField)),
  );
  const own = Object.entries(attributes).map(([name, attributeType]): SegmentField => {
    const type = typeOf({ attribute: name, type: attributeType });
    return { name, group: "attributes", type, operators: [...rulesByType[type]] };
  });
  const happened = events.map(
    (name): SegmentField => ({
      ...{ name, group: "behaviour", type: "event" },
      operators: ["did", "did_not", "exists", "not_exists"],
    }),
  );
  const byName = (a: SegmentField, b: SegmentField) => (a.name < b.name ? -1 : 1);
  return {
    data: [...builtIn, ...own.sort(byName), ...happened.sort(byName)],
    eventFields: Object.entries(behaviourStats).map(([stat, type]) => ({
      ...{ stat, type },
      operators: [...rulesByType[type]],
    })),
  };
}

function describe(group: FieldGroup, name: BuiltInField): SegmentField {
  const type = typeOf(name);
  const values = fieldValues[name];
  return { name, group, type, operators: [...rulesByType[type]], ...(values && { values: [...values] }) };
}
