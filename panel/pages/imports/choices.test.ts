import assert from "node:assert/strict";
import { test } from "node:test";
import { encodings, eventFields, personFields } from "../../../server/imports/fields.ts";
import { ImportMapping, ImportQuery, PreviewQuery } from "../../../server/imports/schema.ts";
import { fa } from "../../strings/fa.ts";
import {
  channelOf,
  choicesOf,
  defaultChoices,
  fieldsOf,
  targetOf,
  toPreviewRequest,
  toRequest,
  wordOf,
} from "./choices.ts";
import { encodingNames } from "./fields.ts";

const real = { isDryRun: false, consent: null };

test("the form offers what the server knows, and has words for it", () => {
  assert.deepEqual(fieldsOf("generic"), [...personFields]);
  assert.deepEqual(fieldsOf("events"), [...eventFields]);
  assert.deepEqual(Object.keys(encodingNames).sort(), [...encodings].sort());
  for (const field of [...personFields, ...eventFields]) assert.ok(field in fa.imports.fields, field);
});

test("untouched choices ask for the server's defaults", () => {
  const { name: _name, ...defaults } = ImportQuery.parse({});
  assert.deepEqual(ImportQuery.parse(toRequest(defaultChoices, ["phone"], real)), defaults);
});

test("a mapping speaks of the columns that were chosen, and of nothing else", () => {
  const choices = {
    ...defaultChoices,
    format: "generic" as const,
    key: "phone" as const,
    columns: {
      mobile: "phone",
      note: "ignore",
      city: { to: "attribute", type: "TEXT" as const },
      gone: "email",
      when: "time",
    },
  };
  const { mapping } = toRequest(choices, ["mobile", "note", "city", "when", "name"], real);
  assert.deepEqual(ImportMapping.parse(JSON.parse(mapping ?? "")), {
    key: "phone",
    columns: { mobile: "phone", note: "ignore", city: { to: "attribute", type: "TEXT" } },
  });
  assert.equal(toRequest({ ...choices, format: "auto" }, null, real).mapping, undefined);
  assert.equal(toRequest({ ...defaultChoices, format: "generic" }, ["mobile"], real).mapping, undefined);
});

test("an import's options ask for the same again, this time for real", () => {
  const options = {
    country: "IR",
    encoding: "windows-1256" as const,
    onBlank: "erase" as const,
    phone: "strict" as const,
    columns: "lenient" as const,
    channel: "sms" as const,
    segment: "یلدا ۱۴۰۵",
    rowLimit: 1000,
    mapping: { key: "phone" as const, columns: { city: { to: "attribute", as: "town" } } },
  };
  const query = ImportQuery.parse(toRequest(choicesOf({ format: "generic", options }), null, real));
  assert.equal(query.dryRun, false);
  const { format: _format, dryRun: _dryRun, mapping, ...others } = query;
  assert.deepEqual({ ...others, mapping: JSON.parse(mapping ?? "") }, options);
});

test("a preview is asked for what the import will be read with, and anew only when that changes", () => {
  const choices = { ...defaultChoices, country: "IR", rowLimit: 5, segment: "Nowruz" };
  const { dryRun: _dryRun, segment, ...reading } = ImportQuery.parse(toRequest(choices, null, real));
  const { partial: _partial, ...preview } = PreviewQuery.parse(toPreviewRequest(choices, null));
  assert.deepEqual(preview, reading);
  assert.equal(segment, "Nowruz");
});

test("a broadcast list is for WhatsApp unless another channel is chosen", () => {
  assert.equal(channelOf("broadcast-list", null), "whatsapp");
  assert.equal(channelOf("broadcast-list", "sms"), "sms");
  assert.equal(channelOf("generic", null), null);
});

test("a target and its word are the same choice", () => {
  for (const word of ["auto", "ignore", "phone", ":NUMBER"]) {
    assert.equal(wordOf(targetOf(word, "generic")), word);
  }
  assert.deepEqual(targetOf(":TEXT", "events"), { to: "data", type: "TEXT" });
  assert.equal(wordOf({ to: "phone" }), "phone");
});
