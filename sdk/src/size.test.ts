import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { buildSdk } from "../../scripts/ensure.mjs";

test("what every page loads is at most 25 kB gzipped, and the MQTT client is not in it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chapar-sdk-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await buildSdk(folder);
  for (const name of ["chapar.js", "chapar.iife.js", "chapar-worker.js"]) {
    const file = readFileSync(join(folder, "sdk", name));
    const { length } = gzipSync(file, { level: 9 });
    assert.ok(length <= 25_000, `${name} has ${length} bytes`);
  }
  const { exports } = JSON.parse(readFileSync(join(folder, "sdk", "package.json"), "utf8"));
  for (const file of [exports["."].node, exports["."].default].flatMap(Object.values) as string[])
    assert.ok(readFileSync(join(folder, "sdk", file)).length > 0, file);
});
