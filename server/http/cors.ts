import cors from "@fastify/cors";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isPublicKey, tokenOf } from "./authentication.ts";

/**
 * Lets pages of other sites call what a public key may be used for, and nothing else. To be registered before the
 * routes. A page is told what came of its call whatever its origin, also that the key does not name it: nothing here is
 * answered on the strength of a cookie, and only the key and the device's credentials open anything.
 */
export async function allowPages(http: FastifyInstance): Promise<void> {
  const preflights = new Set<string>();
  http.addHook("onRoute", (route) => {
    if (!route.config?.allowsPublicKey || preflights.has(route.url) || route.method === "OPTIONS") return;
    preflights.add(route.url);
    const url = route.url.slice(http.prefix.length);
    // The hook of the plugin answers before this handler is asked.
    http.options(
      url,
      { schema: { hide: true }, config: { isPublic: true, allowsPublicKey: true } },
      (_request, reply) => reply.status(204).send(),
    );
  });
  await http.register(cors, {
    delegator: (request: FastifyRequest, callback) =>
      callback(null, {
        origin: isForPages(request),
        methods: ["GET", "POST", "PUT", "DELETE"],
        // The panel's own header must not be among them: it tells its scripts from those of other sites.
        allowedHeaders: ["authorization", "content-type", "x-access-token"],
        exposedHeaders: ["retry-after"],
        credentials: false,
        maxAge: 600,
      }),
  });
}

function isForPages(request: FastifyRequest): boolean {
  if (!request.routeOptions.config.allowsPublicKey) return false;
  if (request.method === "OPTIONS") return true;
  // A page with an access token has no business here: everybody who opens it could read the token.
  const secret = tokenOf(request);
  return secret !== null && isPublicKey(secret);
}
