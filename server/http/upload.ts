import { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { Problem } from "../lib/problem.ts";
import type { Http } from "./server.ts";

/** Routes whose body is a file of at most `limit` bytes: it is streamed, never read as a whole, whatever its type says. */
export async function withUploads(
  http: Http,
  limit: number,
  routes: (scope: Http) => void | Promise<void>,
): Promise<void> {
  await http.register(async (scope: Http) => {
    scope.removeAllContentTypeParsers();
    await scope.register(multipart, { limits: { fileSize: limit, files: 1 } });
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    await routes(scope);
  });
}

/** The file that came: the body, or the part `file` of a form. `name` is null where it has none. */
export async function openUpload(request: FastifyRequest): Promise<{ name: string | null; bytes: Readable }> {
  if (!request.isMultipart())
    return { name: null, bytes: (request.body as Readable | undefined) ?? Readable.from([]) };
  const part = await request.file();
  if (part?.fieldname !== "file") {
    throw new Problem("validation", "The form has no part named `file`.", [
      { pointer: "/file", detail: "is required: the file to read" },
    ]);
  }
  const { file } = part;
  // It would end there as if that were all of it.
  file.once("limit", () => file.destroy(new Problem("too_large", "The file is larger than this takes.")));
  return { name: part.filename || null, bytes: file };
}
