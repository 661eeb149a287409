import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import { listen } from "./stand-ins/listen.ts";

/** A request as a webhook's receiver got it. */
export interface Received {
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  items: any[];
}

/** A receiver of webhooks on this machine; `answer` is asked what becomes of each request, and 204 is the answer without it. */
export async function startReceiver(
  t: TestContext,
  answer: (request: Received, number: number, response: ServerResponse) => boolean | undefined = () => false,
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8");
      const body = JSON.parse(text);
      const seen = { headers: request.headers, text, items: Array.isArray(body) ? body : [body] };
      received.push(seen);
      if (answer(seen, received.length, response)) return;
      response.writeHead(204).end();
    });
  });
  const port = await listen(server, 0);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}/hook?from=chapar`, received };
}
