import type { Readable } from "node:stream";
import { z } from "zod";
import { StartError } from "../lib/start-error.ts";

// Read leniently: an older or newer server may say more.
const State = z.object({
  id: z.string(),
  status: z.string(),
  rows: z.object({
    total: z.number(),
    created: z.number(),
    updated: z.number(),
    unchanged: z.number(),
    rejected: z.number(),
    discarded: z.number(),
  }),
  bytes: z.object({ total: z.number().nullable(), read: z.number() }),
  failure: z.string().nullable(),
  faults: z.array(z.object({ detail: z.string() })).default([]),
  segment: z.object({ name: z.string() }).nullable().default(null),
  dryRun: z.boolean().default(false),
  warnings: z
    .array(
      z.object({
        column: z.string().nullable(),
        detail: z.string(),
        count: z.number(),
        line: z.number().nullable(),
      }),
    )
    .default([]),
});
const Errors = z.object({ data: z.array(z.object({ line: z.number(), detail: z.string() })) });
const Created = z.object({ id: z.string() });
const Refusal = z.object({ detail: z.string() });

/** An import as the API tells it. */
export type ImportState = z.infer<typeof State>;

/** The import calls of a running Chapar. Each throws {@link StartError} with what the server said. */
export interface ImportApi {
  /** Streams the file, with the options of the import as its query; answers the import's id. */
  upload(content: Readable, query: URLSearchParams, size: number): Promise<string>;
  read(id: string): Promise<ImportState>;
  /** The first `limit` rejected rows. */
  errors(id: string, limit: number): Promise<z.infer<typeof Errors>["data"]>;
}

/** `url` without a slash at its end. */
export function openImportApi({ url, token }: { url: string; token: string }): ImportApi {
  async function call(path: string, request: RequestInit & { duplex?: "half" } = {}): Promise<unknown> {
    const headers = { ...(request.headers as Record<string, string>), "x-access-token": token };
    const response = await fetch(`${url}/api/imports${path}`, { ...request, headers }).catch(
      (error: Error) => {
        const cause = error.cause instanceof Error ? error.cause.message : error.message;
        throw new StartError(`${url} cannot be reached (${cause}). Is Chapar running there?`, {
          cause: error,
        });
      },
    );
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return body;
    const refusal = Refusal.safeParse(body);
    throw new StartError(
      `${url} refused: ${refusal.success ? refusal.data.detail : `${response.status} ${response.statusText}`}`,
    );
  }

  function understand<T>(schema: z.ZodType<T>, body: unknown): T {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new StartError(`${url} does not answer like Chapar. Check --url.`, { cause: parsed.error });
  }

  return {
    async upload(content, query, size) {
      const body = await call(`?${query}`, {
        method: "POST",
        headers: {
          "content-type": "application/octet-stream",
          "content-length": String(size),
        },
        body: content as unknown as NonNullable<RequestInit["body"]>, // undici takes any async iterable; the DOM's type knows none
        duplex: "half",
      });
      return understand(Created, body).id;
    },
    async read(id) {
      return understand(State, await call(`/${encodeURIComponent(id)}`));
    },
    async errors(id, limit) {
      return understand(Errors, await call(`/${encodeURIComponent(id)}/errors?limit=${limit}`)).data;
    },
  };
}
