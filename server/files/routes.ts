import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { isUuid } from "../lib/keys.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { listFiles, removeFile, storeFile } from "./files.ts";
import { readContent } from "./queries.ts";
import { maxFileBytes, StoredFile } from "./schema.ts";

/** Images of e-mails, for who writes them. */
export async function fileRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const tags = ["Files"];

  await http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxFileBytes }, (_, body, done) =>
      done(null, body),
    );
    (scope as Http).post(
      "/files",
      {
        bodyLimit: maxFileBytes,
        schema: {
          ...{ tags, summary: "Store an image for e-mails" },
          description:
            "The body is the image itself: PNG, JPEG, GIF or WebP, at most 5 MB. Whoever knows its address may open it. " +
            "The same image again is the one there is.",
          consumes: ["image/png", "image/jpeg", "image/gif", "image/webp"],
          querystring: z.object({ name: z.string().max(200).default("image") }),
          response: { 201: StoredFile },
        },
      },
      async ({ caller, query, body }, reply) => {
        if (!Buffer.isBuffer(body) || body.length === 0)
          throw new Problem("unreadable", "The body is empty; send the image itself.");
        const file = await storeFile(db, caller, { name: query.name, content: body });
        return reply.status(201).send(file);
      },
    );
  });

  http.get(
    "/files",
    {
      schema: {
        ...{ tags, summary: "Images for e-mails, newest first" },
        querystring: PageQuery,
        response: { 200: pageOf(StoredFile) },
      },
    },
    ({ caller, query }) => listFiles(db, caller.appKey, query),
  );

  http.delete(
    "/files/:id",
    {
      schema: {
        ...{ tags, summary: "Forget an image; mails that show it show its words instead" },
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await removeFile(db, caller, params.id);
      return reply.status(204).send(null);
    },
  );
}

/** The images themselves, for readers of mails. */
export async function servedFileRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get("/files/:id/:name", { schema: { hide: true } }, async (request, reply) => {
    const { id } = request.params as { id: string };
    const file = isUuid(id) ? await readContent(db, id) : null;
    if (!file) throw new Problem("not_found", "There is no such file.");
    return reply
      .headers({
        // Its id is of its content: it never changes.
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'; sandbox",
        // Mail programs in browsers are of another origin.
        "cross-origin-resource-policy": "cross-origin",
      })
      .type(file.type)
      .send(file.content);
  });
}
