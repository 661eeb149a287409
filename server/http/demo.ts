import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { z } from "zod";
import type { Http } from "./server.ts";

const timeoutMs = 10_000;

/**
 * Serves the demo shop under /demo. What a shop has on a server of its own, such as who logs in, is another process that
 * we stand in front of, so that a phone in the same network reaches it where it reaches the page.
 */
export async function serveDemo(http: Http, folder: string, backendUrl: string): Promise<void> {
  if (!existsSync(join(folder, "index.html"))) return;
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${backendUrl}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    return { status: answer.status, text: await answer.text() };
  };
  const schema = { hide: true };

  http.get("/demo/backend/shop", { schema }, async (_request, reply) => {
    const { status, text } = await ask("/shop");
    return reply.status(status).type("application/json").send(text);
  });
  http.post(
    "/demo/backend/login",
    { schema: { ...schema, body: z.object({ name: z.string().max(100) }) } },
    async ({ body }, reply) => {
      const headers = { "content-type": "application/json" };
      const { status, text } = await ask("/login", { method: "POST", headers, body: JSON.stringify(body) });
      return reply.status(status).type("application/json").send(text);
    },
  );
  http.get("/demo", { schema }, (_request, reply) => reply.redirect("/demo/"));
  await http.register(fastifyStatic, {
    root: folder,
    prefix: "/demo/",
    decorateReply: false,
    setHeaders(response) {
      response.header("cache-control", "no-cache");
    },
  });
}
