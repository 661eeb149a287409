// Asks one address again and again, in a process of its own: the bench's work must not be taken for the product's.
// `health-probe.ts URL INTERVAL_MS`; answers each message with what it saw since the one before.
import { Agent, get } from "node:http";

export interface Seen {
  /** Milliseconds from the request to the end of the answer. */
  readonly milliseconds: readonly number[];
  /** Requests without an answer, or with another one than 200. */
  readonly failures: number;
}

const [url = "", interval = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
let milliseconds: number[] = [];
let failures = 0;

function ask(): void {
  const start = performance.now();
  const request = get(url, { agent, timeout: 30_000 }, (response) => {
    response.resume().once("end", () => {
      if (response.statusCode === 200) milliseconds.push(performance.now() - start);
      else failures += 1;
    });
  });
  request.once("timeout", () => request.destroy());
  request.once("error", () => {
    failures += 1;
  });
}

// Without waiting for the answer before: a server that stalls for a second fails ten times, not once.
setInterval(ask, Number(interval));
process.on("SIGINT", () => {}); // a terminal's Ctrl-C is for the bench
process.on("disconnect", () => process.exit());
process.on("message", () => {
  const seen: Seen = { milliseconds, failures };
  milliseconds = [];
  failures = 0;
  process.send?.(seen);
});
