#!/usr/bin/env node
// The `chapar` command: makes the clone ready, then runs the built program in this very process.
import { build, checkSystem, installPackages, orExit } from "./ensure.mjs";

await orExit(async () => {
  checkSystem();
  await installPackages();
  await build();
});
const { main } = await import("../dist/server/main.js");
await main(process.argv.slice(2));
