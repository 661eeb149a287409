import { existsSync } from "node:fs";
import fastifyStatic from "@fastify/static";
import type { Http } from "./server.ts";

/**
 * Serves the built SDK under /sdk, if it was built: to pages of any site, which ask each time whether it has changed,
 * and are answered by the etag.
 */
export async function serveSdk(http: Http, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await http.register(fastifyStatic, {
    root: folder,
    prefix: "/sdk/",
    decorateReply: false,
    setHeaders(response) {
      response.header("access-control-allow-origin", "*");
      response.header("cross-origin-resource-policy", "cross-origin");
      response.header("cache-control", "no-cache");
      // The worker may look after all of the site that serves it, not /sdk alone.
      response.header("service-worker-allowed", "/");
    },
  });
}
