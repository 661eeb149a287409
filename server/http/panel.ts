import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { sendProblem, unknownAddress } from "./problems.ts";
import type { Http } from "./server.ts";

/**
 * Serves the built panel, if it was built. Its pages are routes of the browser, so a browser that asks for a page at
 * any address outside the API gets index.html; everything else that no route has is a problem.
 */
export async function servePanel(http: Http, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, "index.html"));
  if (isBuilt) {
    await http.register(fastifyStatic, {
      root: folder,
      // Built files carry a hash of their content in their names; the page that names them must be asked for anew.
      setHeaders: (response, path) => {
        const isPage = path.endsWith("index.html");
        response.header("cache-control", isPage ? "no-cache" : "public, max-age=31536000, immutable");
      },
    });
  }
  http.setNotFoundHandler((request, reply) => {
    const isOfApi = /^\/(api|docs)(\/|\?|$)/.test(request.url);
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    return isBuilt && wantsPage && !isOfApi
      ? reply.sendFile("index.html")
      : sendProblem(reply, unknownAddress(request));
  });
}
