import assert from "node:assert/strict";
import { test } from "node:test";
import { auditActions } from "../../server/accounts/audit-schema.ts";
import type { RejectionCode } from "../../server/imports/values/rejected.ts";
import { problemCodes } from "../../server/lib/problem.ts";
import { fieldGroups, fieldValues } from "../../server/segments/fields.ts";
import { behaviourStats, ruleOperators } from "../../server/segments/operators.ts";
import { presets } from "../../server/segments/presets.ts";
import { choiceWord } from "../ui/audiencePhrases.ts";
import { en } from "./en.ts";
import { fa } from "./fa.ts";

/** Every path to a text. The types say the same, but types are not there when a file is edited in a hurry. */
function pathsOf(texts: object, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? pathsOf(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function textAt(texts: object, path: string): string {
  let value: unknown = texts;
  for (const key of path.split(".")) value = Object(value)[key];
  return typeof value === "function" ? String(value("1", "1", "1")) : String(value);
}

test("both languages have the same texts", () => {
  assert.deepEqual(pathsOf(fa).sort(), pathsOf(en).sort());
});

test("no text is empty, and none was left in English", () => {
  // Names that are the same everywhere.
  const shared = new Set([
    "language.en",
    "language.fa",
    "common.none",
    "access.audit.nothing",
    "imports.checksum",
    "imports.mapping.typed",
    "behaviours.quote",
    "segments.numbers.about",
    "segments.numbers.channel",
  ]);
  for (const path of pathsOf(en)) {
    assert.notEqual(textAt(fa, path).trim(), "", path);
    if (!shared.has(path)) assert.match(textAt(fa, path), /[\u0600-\u06ff]/, path);
  }
});

test("every reason to reject a row has words", () => {
  // The compiler checks it: the codes are a type.
  const words: Record<RejectionCode, string> = en.imports.reasons;
  assert.ok(Object.values(words).every((text) => text !== ""));
});

test("every problem code of the server has words", () => {
  for (const code of Object.keys(problemCodes)) assert.ok(code in en.problems, code);
});

test("everything that the history can tell has words, and nothing else has", () => {
  const parts = auditActions.map((action) => action.split("."));
  for (const [index, texts] of [en.actions.nouns, en.actions.verbs].entries())
    assert.deepEqual(
      Object.keys(texts).sort(),
      [...new Set(parts.map((names) => names[index] ?? ""))].sort(),
    );
});

test("everything that rules are made of has words", () => {
  const { audience, segments } = en;
  for (const [group, fields] of Object.entries(fieldGroups)) {
    assert.ok(group in segments.fieldGroups, group);
    for (const name of Object.keys(fields)) assert.ok(name in audience.fields, name);
  }
  for (const operator of ruleOperators) assert.ok(operator in segments.operators, operator);
  for (const stat of Object.keys(behaviourStats)) {
    assert.ok(stat in segments.aspects, stat);
    assert.ok(stat in audience.stats, stat);
  }
  for (const { id } of presets) assert.ok(id in segments.presetNames, id);
  for (const [name, values] of Object.entries(fieldValues))
    for (const value of values) assert.ok(choiceWord(name, value, en), `${name} ${value}`);
});
