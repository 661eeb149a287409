import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { attachment } from "../http/attachment.ts";
import type { Http } from "../http/server.ts";
import { openUpload, withUploads } from "../http/upload.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import {
  acceptImport,
  acceptImportOf,
  cancelImport,
  getImport,
  listChanges,
  listErrors,
  listImportHistory,
  openOriginal,
  readImportQuery,
  readOptions,
  requestUndo,
} from "./imports.ts";
import { previewFile } from "./preview.ts";
import { openProcessed, type ProcessedRows } from "./processed.ts";
import type { IsChannelReady } from "./run.ts";
import { Import, ImportChange, ImportError, ImportPreview, ImportQuery, PreviewQuery } from "./schema.ts";

const uploadLimit = 20 * 1024 ** 3;
const Params = z.object({ id: z.uuid() });

/** What a preview is made of: the beginning of a text, or a whole spreadsheet. */
const previewLimit = 100 * 1024 ** 2;

export async function importRoutes(
  http: Http,
  { db, isChannelReady }: { db: Database; isChannelReady: IsChannelReady },
): Promise<void> {
  await withUploads(http, uploadLimit, (scope) => {
    scope.post(
      "/imports",
      {
        bodyLimit: uploadLimit,
        schema: {
          tags: ["Imports"],
          summary: "Upload a file of users and import it",
          description:
            "The body is the file (CSV, also gzipped or zipped, or xlsx), or multipart with a part named `file`. The " +
            "answer comes as soon as the file is stored; follow its progress at `GET /api/imports/{id}`.",
          querystring: ImportQuery,
          response: { 202: Import },
        },
      },
      async (request, reply) => {
        const asked = readImportQuery(request.query);
        const { name, fileOf } = request.query;
        if (fileOf !== undefined) {
          const again = await acceptImportOf(db, request.caller, { fileOf, name, request: asked });
          return reply.status(202).header("location", `/api/imports/${again.id}`).send(again);
        }
        const upload = await openUpload(request);
        const accepted = await acceptImport(db, request.caller, {
          ...{ name: name ?? upload.name ?? "upload.csv", bytes: upload.bytes, request: asked },
        });
        return reply.status(202).header("location", `/api/imports/${accepted.id}`).send(accepted);
      },
    );
    scope.post(
      "/imports/preview",
      {
        bodyLimit: previewLimit,
        schema: {
          tags: ["Imports"],
          summary: "What an import would make of a file",
          description:
            "The body is the file, or with `partial=true` its beginning (a megabyte of a CSV or gzip is enough; a zip " +
            "or xlsx must be whole). Nothing is stored. Columns, types and the first rows with all that is wrong with " +
            "them; `faults` are the reasons for which an import would refuse the file.",
          querystring: PreviewQuery,
          response: { 200: ImportPreview },
        },
      },
      async (request) => {
        const reading = readOptions(request.query);
        const { bytes } = await openUpload(request);
        const file = { bytes: await readWhole(bytes), isPartial: request.query.partial };
        return previewFile(db, request.caller, file, reading, isChannelReady);
      },
    );
  });

  http.get(
    "/imports",
    {
      schema: {
        tags: ["Imports"],
        summary: "Import history, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(Import) },
      },
    },
    (request) => listImportHistory(db, request.caller.appKey, request.query),
  );

  http.get(
    "/imports/:id",
    {
      schema: {
        tags: ["Imports"],
        summary: "One import and its progress",
        params: Params,
        response: { 200: Import },
      },
    },
    (request) => getImport(db, request.caller.appKey, request.params.id),
  );

  http.get(
    "/imports/:id/errors",
    {
      schema: {
        tags: ["Imports"],
        summary: "Rejected and discarded rows, by line",
        params: Params,
        querystring: PageQuery,
        response: { 200: pageOf(ImportError) },
      },
    },
    (request) => listErrors(db, request.caller.appKey, request.params.id, request.query),
  );

  http.get(
    "/imports/:id/errors.csv",
    {
      schema: {
        tags: ["Imports"],
        summary: "The rows to correct: rejected ones and those over the limit, with Comments, as CSV",
        params: Params,
      },
    },
    (request, reply) => sendProcessed(request.caller.appKey, request.params.id, "errors", reply),
  );

  http.get(
    "/imports/:id/processed",
    {
      schema: {
        tags: ["Imports"],
        summary: "The file with a column Comments that says what is wrong with a row, as CSV",
        params: Params,
      },
    },
    (request, reply) => sendProcessed(request.caller.appKey, request.params.id, "all", reply),
  );

  async function sendProcessed(appKey: number, id: string, rows: ProcessedRows, reply: FastifyReply) {
    const { name, csv } = await openProcessed(db, appKey, id, rows);
    return reply.type("text/csv; charset=utf-8").header("content-disposition", attachment(name)).send(csv);
  }

  http.get(
    "/imports/:id/original",
    { schema: { tags: ["Imports"], summary: "The file as it was uploaded", params: Params } },
    async (request, reply) => {
      const file = await openOriginal(db, request.caller.appKey, request.params.id);
      return reply
        .type("application/octet-stream")
        .header("content-length", file.size)
        .header("content-disposition", attachment(file.name))
        .send(Readable.from(file.bytes));
    },
  );

  http.post(
    "/imports/:id/cancel",
    {
      schema: {
        tags: ["Imports"],
        summary: "Stop an import; what it brought so far is kept",
        params: Params,
        response: { 200: Import },
      },
    },
    (request) => cancelImport(db, request.caller, request.params.id),
  );

  http.get(
    "/imports/:id/changes",
    {
      schema: {
        tags: ["Imports"],
        summary: "Rows that created or changed something, by line",
        params: Params,
        querystring: PageQuery.extend({ outcome: z.enum(["created", "updated"]).optional() }),
        response: { 200: pageOf(ImportChange) },
      },
    },
    (request) => listChanges(db, request.caller.appKey, request.params.id, request.query),
  );

  http.post(
    "/imports/:id/undo",
    {
      schema: {
        tags: ["Imports"],
        summary: "Remove what only this import created",
        description:
          "Users and installations that it created, and that nothing has changed or imported again since, are " +
          "removed in the background, and so are the events it stored. What it changed stays: " +
          "`GET /api/imports/{id}/changes?outcome=updated` lists it.",
        params: Params,
        response: { 202: Import },
      },
    },
    async (request, reply) =>
      reply.status(202).send(await requestUndo(db, request.caller, request.params.id)),
  );
}

async function readWhole(bytes: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    if (size > previewLimit) {
      throw new Problem(
        "too_large",
        `A preview takes up to ${previewLimit / 1024 ** 2} MB; send the beginning of a CSV with partial=true, or import the file without one.`,
      );
    }
  }
  return Buffer.concat(pieces);
}
