import { isGroup } from "../segments/rules.ts";
import { readArguments, UsageError } from "./arguments.ts";
import { findProduct } from "./product.ts";

/**
 * `chapar segment count FILTER`: prints the numbers of a filter as JSON. FILTER is JSON in either notation, or the name or
 * id of a segment. 1 when the filter is at fault; what is wrong with it goes to stderr, a line each.
 */
export async function segment(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      "per-rule": { type: "boolean", default: false },
      estimate: { type: "boolean", default: false },
      url: { type: "string" },
      token: { type: "string" },
    },
    { min: 2, max: 2 },
  );
  const [what, filter = ""] = positionals;
  if (what !== "count") throw new UsageError(`Unknown command "segment ${what}"; see chapar --help`);
  const { url, token } = findProduct(values.url, values.token);
  const response = await fetch(`${url}/api/segments/count`, {
    method: "POST",
    headers: { "x-access-token": token, "content-type": "application/json" },
    body: JSON.stringify({
      ...(isRules(filter) ? { segment: JSON.parse(filter) } : { target: filter }),
      ...{ perRule: values["per-rule"], estimate: values.estimate },
    }),
  });
  const answer = (await response.json()) as {
    errors?: { pointer: string; detail: string }[];
    detail?: string;
  };
  if (response.ok) {
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  }
  const faults = answer.errors?.map(({ pointer, detail }) => `${pointer}: ${detail}`) ?? [];
  process.stderr.write(
    `${(faults.length > 0 ? faults : [answer.detail ?? response.statusText]).join("\n")}\n`,
  );
  return 1;
}

/** Rules are told from a `where` filter by their outermost names; `not` is one of both. */
function isRules(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (!isGroup(value)) return false;
    return !("not" in value) || isGroup(value.not) || Object.hasOwn(Object(value.not), "operator");
  } catch {
    return false;
  }
}
