import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { TemplatePreview, TemplatePreviewRequest } from "./schema.ts";
import { previewTemplate } from "./templates.ts";

export async function templateRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.post(
    "/templates/preview",
    {
      schema: {
        tags: ["Templates"],
        summary: "What one user would get of a template, and which of its variables they have no value for",
        body: TemplatePreviewRequest,
        response: { 200: TemplatePreview },
      },
    },
    (request) => previewTemplate(db, request.caller, request.body),
  );
}
