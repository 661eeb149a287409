// Owns an embedded server until it is killed: `node --import tsx server/testing/embedded-process.ts <data folder>`.
import { startEmbedded } from "../db/embedded.ts";

const server = await startEmbedded({
  place: { wanted: process.argv[2] ?? "", cloneRoot: null, homeDir: "/nowhere", xdgDataHome: null },
  log: () => {},
});
process.stdout.write(`${JSON.stringify({ url: server.url, pids: server.pids })}\n`);
setInterval(() => {}, 60_000);
