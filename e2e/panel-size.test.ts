import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const built = fileURLToPath(new URL("../dist/panel/", import.meta.url));
const assets = `${built}assets/`;
const limit = 350_000;

/** Scripts that these import before anything is shown, themselves included. */
function loadedWith(entries: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>();
  const waiting = [...entries];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (sizes.has(name)) continue;
    const text = readFileSync(assets + name, "utf8");
    sizes.set(name, gzipSync(text).length);
    for (const [, imported = ""] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
      waiting.push(imported);
  }
  return sizes;
}

test("the overview is shown after less than 350 kB of scripts", () => {
  const page = readFileSync(`${built}index.html`, "utf8");
  const entries = [...page.matchAll(/assets\/([^"']+\.js)/g)].map(([, name = ""]) => name);
  const home = readdirSync(assets).filter((name) => /^HomePage-.*\.js$/.test(name));
  assert.ok(entries.length > 0 && home.length === 1, "the build has an entry and the overview as a chunk");
  const sizes = loadedWith([...entries, ...home]);
  const sum = [...sizes.values()].reduce((total, size) => total + size, 0);
  const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 6);
  assert.ok(sum < limit, `${sum} bytes; the largest: ${JSON.stringify(largest)}`);
});

test("the resets come before Mantine's styles, which win over them", () => {
  const page = readFileSync(`${built}index.html`, "utf8");
  const styles = [...page.matchAll(/href="\/assets\/([^"]+\.css)"/g)].map(([, name = ""]) =>
    readFileSync(assets + name, "utf8"),
  );
  const [first] = /@layer (\w+)/.exec(styles.join("")) ?? [];
  assert.equal(first, "@layer reset");
});
