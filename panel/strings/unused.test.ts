import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { en } from "./en.ts";

const panel = fileURLToPath(new URL("..", import.meta.url));

/** A source, as far as texts go. */
interface Source {
  words: ReadonlySet<string>;
  /** Groups of texts that are taken as a whole, for their members to be named by something else. */
  whole: ReadonlySet<string>;
  /** Those of them whose members are named on the spot: `strings.nav[link.text]`. */
  indexed: ReadonlySet<string>;
}

function readSource(text: string): Source {
  const whole = new Set<string>();
  const indexed = new Set<string>();
  // A shorter name for a group is not the whole of it, unless its members are named by something else.
  const rest = text.replace(/const (\w+) = [\w.]*\.(\w+);/g, (_, name: string, group: string) => {
    if (text.includes(`${name}[`)) indexed.add(group);
    if (text.includes(`...${name}`)) whole.add(group);
    return group;
  });
  for (const [, group = ""] of rest.matchAll(/(\w+)\[/g)) indexed.add(group);
  for (const [, group = ""] of text.matchAll(/: Record<[^=;]*> = [\w.]*\.(\w+);/g)) indexed.add(group);
  for (const [, group = ""] of rest.matchAll(/\.(\w+)(?=\s*[,;:)}])/g)) whole.add(group);
  return { words: new Set(text.match(/\w+/g)), whole, indexed };
}

const sources = readdirSync(panel, { recursive: true, encoding: "utf8" })
  .filter(
    (path) => /\.tsx?$/.test(path) && !/\.test\.ts$/.test(path) && !/^strings\/|node_modules/.test(path),
  )
  .map((path) => readSource(readFileSync(`${panel}/${path}`, "utf8")));

function pathsOf(texts: object, path: readonly string[] = []): string[][] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? pathsOf(value, [...path, key]) : [[...path, key]],
  );
}

/** Whether a source names the text beside the group that it is in, or takes the group as a whole. */
function isUsed(path: readonly string[]): boolean {
  const [group = "", name = ""] = path.length > 1 ? path.slice(-2) : ["", ...path];
  // Those at the top are whole pages, which nothing takes as one.
  const groups = path.slice(1, -1);
  return sources.some(
    ({ words, whole, indexed }) =>
      groups.some((each) => whole.has(each) || indexed.has(each)) ||
      indexed.has(group) ||
      (words.has(name) && (group === "" || words.has(group))),
  );
}

test("every text is shown somewhere", () => {
  assert.deepEqual(
    pathsOf(en)
      .filter((path) => !isUsed(path))
      .map((path) => path.join(".")),
    [],
  );
});
