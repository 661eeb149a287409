import assert from "node:assert/strict";
import test from "node:test";
import { marker, replaceSection, table } from "./results.ts";

test("a new section goes to the end, with a place to write by hand", () => {
  assert.equal(
    replaceSection("# Results\n\nIntro.\n", "import", "fast"),
    `# Results\n\nIntro.\n\n## import\n\nfast\n\n${marker}\n`,
  );
});

test("a rewritten section keeps what was written by hand, and the other sections", () => {
  const before = `# Results\n\n## import\n\nold\n\n${marker}\n\nWhere the time goes.\n\n## send\n\nother\n\n${marker}\n`;
  assert.equal(replaceSection(before, "import", "new"), before.replace("old", "new"));
  assert.equal(replaceSection(before, "send", "new"), before.replace("other", "new"));
});

test("a section is found by its whole name", () => {
  const before = `# Results\n\n## import twice\n\nold\n\n${marker}\n`;
  assert.ok(replaceSection(before, "import", "new").includes("## import twice\n\nold"));
});

test("table cells are padded to their column", () => {
  assert.equal(table(["a", "b"], [["long", "1"]]), "| a    | b   |\n| ---- | --- |\n| long | 1   |");
});
