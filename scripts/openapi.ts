// Writes docs/openapi.json and docs/errors.md from the code; with --check fails when they are not fresh.
import { readFileSync, writeFileSync } from "node:fs";
import { pino } from "pino";
import { buildHttp } from "../server/app.ts";
import { readConfig } from "../server/config.ts";
import { openDatabase } from "../server/db/database.ts";
import { problemCodes } from "../server/lib/problem.ts";
import { createAuth } from "../server/signin/auth.ts";
import { createSessions } from "../server/signin/sessions.ts";

// Never connected to: routes touch the database when they are asked, not when they are made.
const databaseUrl = "postgres://localhost/nowhere";
const secretKey = "0".repeat(32);

async function describeApi(): Promise<string> {
  const db = openDatabase(databaseUrl, { connections: 1, name: "openapi", onError: () => {} });
  const auth = createAuth({ databaseUrl, secretKey, secureCookies: false, publicUrl: null, oidc: null });
  const sessions = createSessions(db, auth);
  const http = await buildHttp({
    config: { ...readConfig({}), databaseUrl, secretKey },
    ...{ db, auth, sessions, logger: pino({ level: "silent" }) },
    changes: { routes: async () => {}, stop: () => {} },
    realtime: {
      ...{ port: 1883, isConnected: () => true, publishEvent: async () => false, admit: async () => {} },
      access: {
        ...{ signIn: async () => null, mayPublish: () => false, maySubscribe: async () => false },
        publicEvents: async () => new Set<string>(),
      },
    },
    findAppKey: async () => null,
    bounces: { isOurs: () => false, take: async () => "nothing" },
  });
  await http.ready();
  const description = http.swagger();
  await http.close();
  return `${JSON.stringify(description, null, 2)}\n`;
}

function describeErrors(): string {
  const lines = [
    "# Errors",
    "",
    "Every failed request answers `application/problem+json` (RFC 9457): `code` names the kind of failure and stays the",
    "same from release to release, `detail` says what happened, and `errors` lists every fault in the input with its JSON",
    "pointer. LoopBack clients find the same in `error: {name, status, message, details}`.",
  ];
  for (const [code, problem] of Object.entries(problemCodes)) {
    lines.push(
      "",
      `## ${code}`,
      "",
      `**${problem.status}**: ${problem.title}.`,
      "",
      problem.cause,
      "",
      `*What to do:* ${problem.cure}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const files = { "docs/openapi.json": await describeApi(), "docs/errors.md": describeErrors() };
for (const [file, content] of Object.entries(files)) {
  if (!process.argv.includes("--check")) writeFileSync(file, content);
  else if (readFileSync(file, "utf8") !== content) {
    console.error(`${file} is not fresh; run: npm run openapi`);
    process.exitCode = 1;
  }
}
