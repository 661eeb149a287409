import type { Database } from "../db/database.ts";
import { listen } from "../db/notify.ts";
import type { Http } from "./server.ts";

/** A comment line this often keeps proxies from closing a quiet stream. */
const pingEveryMs = 20_000;

export interface Changes {
  routes(http: Http): Promise<void>;
  stop(): void;
}

/**
 * Tells panels what changed, as server-sent events `{"noun":"import","id":"…"}`: hints to read again, never the data
 * itself. One listening connection to the database serves all of them.
 */
export function createChanges(db: Database): Changes {
  const readers = new Map<(line: string) => void, number>();
  const hints = listen(db, "chapar_changes", (payload) => {
    const [appKey, noun, id] = payload.split(":");
    if (!noun || !id) return;
    const line = `data: ${JSON.stringify({ noun, id })}\n\n`;
    for (const [write, ofApp] of readers) if (ofApp === Number(appKey)) write(line);
  });
  const ping = setInterval(() => {
    for (const write of readers.keys()) write(":\n\n");
  }, pingEveryMs);

  return {
    async routes(http) {
      const config = { permission: "dashboard:read" as const };
      http.get("/changes", { config, schema: { hide: true } }, (request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, {
          "content-type": "text/event-stream",
          "cache-control": "no-cache, no-transform",
          "x-accel-buffering": "no",
        });
        const write = (line: string) => {
          // A panel that does not read is cut off rather than collected for.
          if (reply.raw.writableLength > 65_536) reply.raw.destroy();
          else reply.raw.write(line);
        };
        write(":\n\n");
        readers.set(write, request.caller.appKey);
        request.raw.on("close", () => readers.delete(write));
      });
    },
    stop() {
      clearInterval(ping);
      hints.stop();
    },
  };
}
