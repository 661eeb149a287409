import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { runCommand } from "../testing/command.ts";

/** Answers the import calls from a script of states; remembers what was uploaded. */
async function startImportServer(t: TestContext, states: readonly object[]) {
  const seen = { body: "", url: "", token: "" };
  let asked = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.url?.includes("/errors")) {
      answer(200, { data: [{ line: 3, code: "blank", detail: "identifier is blank" }], nextCursor: null });
    } else if (request.method === "POST") {
      seen.url = request.url ?? "";
      seen.token = String(request.headers["x-access-token"]);
      request.on("data", (data) => (seen.body += data));
      request.on("end", () => {
        if (seen.token === "good-token-0123456") answer(202, { id: "one", status: "queued" });
        else answer(401, { code: "unauthorized", detail: "The access token is unknown" });
      });
    } else {
      answer(200, states[Math.min(asked++, states.length - 1)] ?? {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function importState(status: string, total: number, failure: string | null = null) {
  const rows = { total, created: total, updated: 0, unchanged: 0, rejected: total && 1, discarded: 0 };
  return { id: "one", status, rows, bytes: { total: 10, read: total && 10 }, failure };
}

function makeFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "chapar-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "users & more.csv"), "id,identifier\n1,2\n");
  return join(folder, "users & more.csv");
}

test("import uploads the file, follows it and shows totals and rejected rows", async (t) => {
  const states = [
    importState("queued", 0),
    importState("importing", 2),
    importState("completed_with_errors", 2),
  ];
  const { seen, url } = await startImportServer(t, states);
  const result = await runCommand(["import", makeFile(t), "--url", url, "--token", "good-token-0123456"]);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(seen.body, "id,identifier\n1,2\n");
  assert.equal(seen.url, "/api/imports?name=users+%26+more.csv&dryRun=false&format=auto");
  assert.match(result.stdout, /^completed with errors: 2 rows in [\d.]+ s \(import one\)$/m);
  assert.match(result.stdout, /^line 3: identifier is blank$/m);
});

test("a failed import ends with code 1 and the reason", async (t) => {
  const { url } = await startImportServer(t, [
    importState("failed", 0, "The column session_count is missing"),
  ]);
  const result = await runCommand(["import", makeFile(t), "--url", url, "--token", "good-token-0123456"]);
  assert.equal(result.code, 1);
  assert.match(result.stdout, /The column session_count is missing/);
});

test("a refused import ends with the server's words", async (t) => {
  const { url } = await startImportServer(t, []);
  const result = await runCommand(["import", makeFile(t), "--url", url, "--token", "bad"]);
  assert.equal(result.code, 1);
  assert.equal(result.stderr, `${url} refused: The access token is unknown\n`);
});

test("mistakes on the command line are one clear line", async () => {
  const cases: [string[], string][] = [
    [["frobnicate"], 'Unknown command "frobnicate"; see chapar --help\n'],
    [["sample", "--row", "1"], "Unknown option '--row'; see chapar --help\n"],
    [["sample", "--rows", "many"], '--rows must be a whole number of at least 0, not "many"\n'],
    [["import", "/nowhere.csv"], "There is no file /nowhere.csv\n"],
  ];
  for (const [args, line] of cases) {
    assert.deepEqual(await runCommand(args), { code: 1, stdout: "", stderr: line });
  }
});

test("sample writes exactly its rows to stdout", async () => {
  const result = await runCommand(["sample", "--rows", "3", "--seed", "9"]);
  assert.equal(result.code, 0);
  assert.equal(result.stdout.split("\n").length, 5); // header, three rows, the end of the last line
});
