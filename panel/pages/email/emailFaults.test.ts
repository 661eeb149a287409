import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiProblem } from "../../api/problem.ts";
import { faultOf, faultsBelow, placeOf, readEmailFaults } from "./emailFaults.ts";

const problem = (...pointers: string[]) =>
  new ApiProblem(
    "validation",
    422,
    "",
    pointers.map((pointer) => ({ pointer, detail: `at ${pointer}` })),
  );

test("faults of a preview and of a saved draft are of the same fields", () => {
  const preview = readEmailFaults(problem("/subject", "/email/html"));
  const saved = readEmailFaults(problem("/content/subject", "/content/email/html", "/name"), "/content");
  const pointers = ["/subject", "/email/html"];
  assert.deepEqual(
    preview.map(({ pointer }) => pointer),
    pointers,
  );
  assert.deepEqual(
    saved.map(({ pointer }) => pointer),
    pointers,
  );
  assert.deepEqual(readEmailFaults(new Error("no connection")), []);
});

test("a fault is found at its block, and not at one whose number begins alike", () => {
  const faults = readEmailFaults(
    problem("/email/design/blocks/1/text", "/email/design/blocks/12/columns/0/blocks/2/html"),
  );
  assert.equal(faultOf(faultsBelow(faults, "/email/design/blocks/1"), "/text"), faults[0]?.detail);
  const inner = faultsBelow(faults, "/email/design/blocks/12/columns/0/blocks/2");
  assert.equal(faultOf(inner, "/html"), faults[1]?.detail);
  assert.equal(faultOf(faultsBelow(faults, "/email/design/blocks/2"), "/html"), null);
});

test("the place in a source is read from the words", () => {
  assert.deepEqual(placeOf("line 3, column 7: unknown tag"), { line: 3, column: 7 });
  assert.deepEqual(placeOf("Line 12: mj-foo is not an element"), { line: 12, column: 1 });
  assert.equal(placeOf("is too long"), null);
});
