// Stops the embedded database server when the process that started it dies without stopping it (kill -9, crash).
// Run detached with a pipe from its owner as stdin. First line: the server's process id. A line "done" ends the watch;
// the end of the pipe means that the owner is gone. Plain JavaScript, so that it starts in an instant everywhere.
import { createInterface } from "node:readline";

// 60 s: long enough for the checkpoint of a fast shutdown; then SIGQUIT, which is safe but needs recovery.
const patience = 60_000;
let server = 0;

// A terminal's Ctrl-C or a service manager reaches the whole group: the owner decides, not the signal.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line === "done") process.exit(0);
    server = Number(line);
  })
  .on("close", () => {
    if (!send("SIGINT")) process.exit(0);
    const started = Date.now();
    setInterval(() => {
      if (!send(0)) process.exit(0);
      if (Date.now() - started > patience && !send("SIGQUIT")) process.exit(0);
    }, 50);
  });

function send(signal) {
  try {
    return server > 0 && process.kill(server, signal);
  } catch {
    return false;
  }
}
