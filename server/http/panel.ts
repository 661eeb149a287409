import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { Problem } from "../lib/problem.ts";
import { sendProblem } from "./problems.ts";
import type { Http } from "./server.ts";

/**
 * Serves the built panel. Its pages are routes of the browser, so any address that is no file and not the API's
 * answers index.html.
 */
export async function servePanel(http: Http, folder: string): Promise<void> {
  if (!existsSync(join(folder, "index.html"))) return;
  await http.register(fastifyStatic, {
    root: folder,
    // Built files carry a hash of their content in their names; the page that names them must be asked for anew.
    setHeaders: (response, path) => {
      response.header(
        "cache-control",
        path.endsWith("index.html") ? "no-cache" : "public, max-age=31536000, immutable",
      );
    },
  });
  http.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "/";
    const isPage =
      (request.method === "GET" || request.method === "HEAD") && !/^\/(api|docs)(\/|$)|\.\w+$/.test(path);
    if (isPage) return reply.sendFile("index.html");
    return sendProblem(reply, new Problem("not_found", `There is nothing at ${request.method} ${path}.`));
  });
}
