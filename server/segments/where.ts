import type { Condition } from "./condition.ts";
import { parseDid } from "./did.ts";
import { typeOf } from "./fields.ts";
import { parseNear } from "./near.ts";
import { whereByType } from "./operators.ts";
import { child, isObject, type Named, type Reader } from "./reader.ts";
import { expectation } from "./values.ts";

const eventOperators = ["did", "didNot", "exists"];

/** Reads an object of a LoopBack-style `where` filter: all of its members must hold. */
export function readWhere(reader: Reader, where: unknown, pointer: string, depth: number): Condition[] {
  if (!isObject(where)) return reader.refuse(pointer, "expected an object of fields and their conditions");
  return Object.entries(where).flatMap(([name, value]) =>
    reader.isFull ? [] : readMember(reader, name, value, child(pointer, name), depth),
  );
}

function readMember(
  reader: Reader,
  name: string,
  value: unknown,
  pointer: string,
  depth: number,
): Condition[] {
  if (!reader.enter(pointer, depth)) return [];
  if (name === "and" || name === "or") return readCombination(reader, name, value, pointer, depth);
  if (name === "not") {
    const conditions = readWhere(reader, value, pointer, depth + 1);
    return [reader.leave(pointer, [{ kind: "not", condition: { kind: "all", conditions } }])];
  }
  const named = reader.named(name, pointer);
  if (named === null) return [];
  return [reader.leave(pointer, readField(reader, named, value, pointer, depth))];
}

function readField(
  reader: Reader,
  named: Named,
  value: unknown,
  pointer: string,
  depth: number,
): Condition[] {
  if (isObject(value)) return readOperations(reader, named, value, pointer, depth);
  if ("event" in named)
    return reader.refuse(pointer, `${named.event} is an event; expected one of ${eventOperators.join(", ")}`);
  const type = typeOf(named.field);
  if (!whereByType[type].includes("eq")) return reader.refuse(pointer, `expected ${expectation[type]}`);
  return reader.comparison(named.field, "eq", value, pointer);
}

function readCombination(
  reader: Reader,
  name: "and" | "or",
  value: unknown,
  pointer: string,
  depth: number,
): Condition[] {
  if (!Array.isArray(value) || value.length === 0)
    return reader.refuse(pointer, "expected an array with at least one condition");
  const conditions: Condition[] = [];
  for (const [index, part] of value.entries()) {
    if (reader.isFull) break;
    conditions.push({ kind: "all", conditions: readWhere(reader, part, `${pointer}/${index}`, depth + 1) });
  }
  return [reader.leave(pointer, [{ kind: name === "and" ? "all" : "any", conditions }])];
}

/** Several operators in one object must all hold. */
function readOperations(
  reader: Reader,
  named: Named,
  value: Record<string, unknown>,
  pointer: string,
  depth: number,
): Condition[] {
  if ("field" in named && typeOf(named.field) === "place" && "near" in value) {
    const parsed = parseNear(named.field, value, pointer);
    if (parsed.ok) return [parsed.condition];
    for (const fault of parsed.faults) reader.refuse(fault.pointer, fault.detail);
    return [];
  }
  const { options, ...rest } = value;
  if (options !== undefined && options !== "i")
    reader.refuse(child(pointer, "options"), 'expected "i", which ignores the case of letters');
  if (Object.keys(rest).length === 0)
    return reader.refuse(pointer, "expected an operator such as eq, inq or gt");
  const known = "event" in named ? eventOperators : whereByType[typeOf(named.field)];
  return Object.entries(rest).flatMap(([operator, argument]) => {
    const at = child(pointer, operator);
    if (!known.includes(operator)) return reader.unknownOperator(named, operator, known, at);
    return readOperation(reader, named, { operator, argument, ignoreCase: options === "i" }, at, depth);
  });
}

function readOperation(
  reader: Reader,
  named: Named,
  { operator, argument, ignoreCase }: { operator: string; argument: unknown; ignoreCase: boolean },
  pointer: string,
  depth: number,
): Condition[] {
  if (operator === "exists") {
    if (typeof argument !== "boolean") return reader.refuse(pointer, "expected true or false");
    return [reader.exists(named, argument)];
  }
  if ("event" in named)
    return parseDid(
      reader,
      { event: named.event, argument, pointer, depth, negated: operator === "didNot" },
      readWhere,
    );
  const { field } = named;
  switch (operator) {
    case "inq":
    case "nin":
      return reader.oneOf(field, operator === "nin", argument, pointer);
    case "between":
      return reader.between(field, argument, pointer);
    case "like":
    case "nlike":
    case "ilike":
    case "nilike":
    case "regexp":
      return reader.match(field, argument, pointer, {
        notation: operator === "regexp" ? "regexp" : "like",
        ignoreCase: ignoreCase || operator.includes("ilike"),
        negated: operator.startsWith("n"),
      });
    default:
      return reader.comparison(field, operator as "eq", argument, pointer);
  }
}
