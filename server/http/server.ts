import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from "fastify";
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import type { Logger } from "pino";
import { readJsonBodies } from "./json.ts";
import { answerProblems, validateWithZod } from "./problems.ts";

export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Nothing that the API answers is to be run, framed or sniffed as something else, were a browser shown it. */
const apiHeaders = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const bodyLimit = 10 * 1024 * 1024;

/** An HTTP server that knows no domain: reading, validation, problems, documentation, security headers. */
export async function createHttp(options: {
  logger: Logger;
  version: string;
  trustProxy: boolean;
}): Promise<Http> {
  const http: Http = fastify({
    // Only failures are worth a line.
    loggerInstance: scrubbed(options.logger),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy,
    bodyLimit,
    // Chabok's documentation writes `byQuery` and `byquery`.
    routerOptions: { caseSensitive: false, maxParamLength: 200 },
    forceCloseConnections: true as const,
  }).withTypeProvider<ZodTypeProvider>();
  http.setValidatorCompiler(validateWithZod);
  http.setSerializerCompiler(serializerCompiler);
  readJsonBodies(http);
  answerProblems(http);
  // Answers of the API are no pages: a few headers that are the same for all of them, which helmet would make anew.
  http.addHook("onRoute", (route) => {
    if (route.url.startsWith("/api/")) route.helmet = false;
  });
  http.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/api/")) reply.headers(apiHeaders);
  });
  await http.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
      },
    },
    // Chapar itself speaks plain HTTP; who ends TLS in front of it decides on HSTS.
    strictTransportSecurity: false,
  });
  // Routes that need it ask; the others are not limited.
  await http.register(rateLimit, { global: false });
  await http.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Chapar",
        version: options.version,
        description:
          "Bring users in, cut them into segments, reach them, and see what became of every message.",
      },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          query: { type: "apiKey", in: "query", name: "access_token" },
          header: { type: "apiKey", in: "header", name: "X-Access-Token" },
          bearer: { type: "http", scheme: "bearer" },
          device: {
            type: "http",
            scheme: "basic",
            description: "Beside a public key: `mqtt.username` and `mqtt.password` of the registration",
          },
        },
      },
      security: [{ header: [] }, { query: [] }, { bearer: [] }, { header: [], device: [] }],
    },
    transform: withPermission,
    transformObject: jsonSchemaTransformObject,
  });
  await http.register(swaggerUi, { routePrefix: "/docs", uiConfig: { persistAuthorization: true } });
  return http;
}

/** What a caller must be allowed to, beside each call. */
const withPermission: typeof jsonSchemaTransform = (route) => {
  const { schema, url } = jsonSchemaTransform(route);
  const permission = route.route.config?.permission;
  return { url, schema: permission ? { ...schema, "x-permission": permission } : schema };
};

/** Query strings carry tokens, and so do the ends of addresses for receipts and of links in mails. */
const pathOf = (url: string): string | undefined =>
  url
    .split("?")[0]
    ?.replace(/(\/receipts\/[^/]+)\/.*/i, "$1/…")
    .replace(/^\/([cou])\/.*/i, "/$1/…");

/** A request is logged by its path alone. */
function scrubbed(logger: Logger): FastifyBaseLogger {
  return logger.child(
    {},
    {
      serializers: {
        req: (request: { method: string; url: string }) => ({
          method: request.method,
          path: pathOf(request.url),
        }),
      },
    },
  );
}
