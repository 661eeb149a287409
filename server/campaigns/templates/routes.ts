import { z } from "zod";
import type { Http } from "../../http/server.ts";
import { PageQuery, pageOf } from "../../lib/page.ts";
import { unknownInContent } from "../texts.ts";
import {
  ContentCheck,
  ContentCheckRequest,
  NewSavedTemplate,
  RestoreRequest,
  SavedTemplate,
  SavedTemplateChange,
  SavedTemplateQuery,
  SavedTemplateVersion,
} from "./schema.ts";
import {
  changeTemplate,
  createTemplate,
  getTemplate,
  listTemplates,
  listVersions,
  removeTemplate,
  restoreTemplate,
  restoreVersion,
  type TemplateParts,
} from "./templates.ts";

export async function savedTemplateRoutes(http: Http, parts: TemplateParts): Promise<void> {
  const { db } = parts;
  const tags = ["Templates"];
  const schema = { tags, params: z.object({ id: z.uuid() }) };

  http.post(
    "/templates/check",
    {
      config: { permission: "templates:read" },
      schema: {
        tags,
        summary: "Which variables of a content nobody has a value for",
        body: ContentCheckRequest,
        response: { 200: ContentCheck },
      },
    },
    async ({ caller, body }) => ({ unknown: await unknownInContent(db, caller.appKey, body.content) }),
  );

  http.get(
    "/templates",
    {
      schema: {
        tags,
        summary: "Saved contents to start campaigns from, newest first",
        querystring: SavedTemplateQuery,
        response: { 200: pageOf(SavedTemplate) },
      },
    },
    ({ caller, query }) => listTemplates(db, caller.appKey, query),
  );

  http.post(
    "/templates",
    {
      schema: {
        tags,
        summary: "Save a content under a name",
        body: NewSavedTemplate,
        response: { 201: SavedTemplate },
      },
    },
    async ({ caller, body }, reply) => reply.status(201).send(await createTemplate(parts, caller, body)),
  );

  http.get(
    "/templates/:id",
    { schema: { ...schema, summary: "One template, as it is now", response: { 200: SavedTemplate } } },
    ({ caller, params }) => getTemplate(db, caller.appKey, params.id),
  );

  http.patch(
    "/templates/:id",
    {
      schema: {
        ...schema,
        summary: "Change a template: another content is another version",
        body: SavedTemplateChange,
        response: { 200: SavedTemplate },
      },
    },
    ({ caller, params, body }) => changeTemplate(parts, caller, params.id, body),
  );

  http.delete(
    "/templates/:id",
    {
      schema: {
        ...schema,
        summary: "Delete a template and its versions",
        description: "They can be brought back for 30 days.",
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await removeTemplate(db, caller, params.id);
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/templates/:id/undelete",
    {
      schema: {
        ...schema,
        summary: "Bring back a template that was deleted in the last 30 days",
        description: "409 where another template has its name by now.",
        response: { 200: SavedTemplate },
      },
    },
    ({ caller, params }) => restoreTemplate(db, caller, params.id),
  );

  http.get(
    "/templates/:id/versions",
    {
      schema: {
        ...schema,
        summary: "What a template was and is, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(SavedTemplateVersion) },
      },
    },
    ({ caller, params, query }) => listVersions(db, caller.appKey, params.id, query),
  );

  http.post(
    "/templates/:id/restore",
    {
      schema: {
        ...schema,
        summary: "Make an earlier version the latest again",
        body: RestoreRequest,
        response: { 200: SavedTemplate },
      },
    },
    ({ caller, params, body }) => restoreVersion(db, caller, params.id, body.version),
  );
}
