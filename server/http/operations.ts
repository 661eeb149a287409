import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { z } from "zod";
import type { Http } from "./server.ts";

/** What `/metrics` reads from the tables at each scrape; small tables only. */
export type ReadGauges = () => Promise<Record<"chunks" | "jobs" | "connectedDevices", number>>;

/** Health, readiness, metrics and the API's description: for operators, without a token. */
export async function operationRoutes(
  http: Http,
  { isReady, readGauges }: { isReady: () => Promise<string[]>; readGauges: ReadGauges },
): Promise<void> {
  const config = { isPublic: true };
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "chapar_http_request_seconds",
    help: "Time to answer, by route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const gauges = {
    chunks: new Gauge({
      name: "chapar_chunks",
      help: "Chunks of recipients not yet sent",
      registers: [registry],
    }),
    jobs: new Gauge({ name: "chapar_jobs", help: "Jobs waiting or running", registers: [registry] }),
    connectedDevices: new Gauge({
      name: "chapar_connected_devices",
      help: "Devices connected now",
      registers: [registry],
    }),
  };
  http.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    seconds.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
  });

  const Alive = z.object({ status: z.literal("ok") });
  http.get(
    "/healthz",
    { config, schema: { tags: ["Operation"], summary: "The process runs", response: { 200: Alive } } },
    async () => ({
      status: "ok" as const,
    }),
  );
  http.get(
    "/readyz",
    {
      config,
      schema: {
        tags: ["Operation"],
        summary: "Database and broker can be reached",
        response: {
          200: Alive,
          503: z.object({ status: z.literal("not ready"), missing: z.array(z.string()) }),
        },
      },
    },
    async (_request, reply) => {
      const missing = await isReady();
      if (missing.length === 0) return { status: "ok" as const };
      return reply.status(503).send({ status: "not ready" as const, missing });
    },
  );
  http.get("/metrics", { config, schema: { hide: true } }, async (_request, reply) => {
    for (const [name, value] of Object.entries(await readGauges()))
      gauges[name as keyof typeof gauges].set(value);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  http.get("/openapi.json", { config, schema: { hide: true } }, async () => http.swagger());
}
