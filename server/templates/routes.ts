import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { isUuid } from "../lib/keys.ts";
import { Problem } from "../lib/problem.ts";
import { findPreview, previewEmail, type VocabularyOf } from "./email/preview.ts";
import { EmailPreview, EmailPreviewRequest } from "./email/schema.ts";
import { TemplatePreview, TemplatePreviewRequest } from "./schema.ts";
import { previewTemplate } from "./templates.ts";
import type { VariablesFor } from "./variables.ts";

export async function templateRoutes(
  http: Http,
  parts: { db: Database; publicUrl: () => string; variablesFor: VariablesFor; vocabularyOf: VocabularyOf },
): Promise<void> {
  http.post(
    "/templates/preview",
    {
      config: { permission: "templates:read" },
      schema: {
        tags: ["Templates"],
        summary: "What one user would get of a template, and which of its variables they have no value for",
        body: TemplatePreviewRequest,
        response: { 200: TemplatePreview },
      },
    },
    (request) => previewTemplate(parts.variablesFor, request.caller, request.body),
  );

  http.post(
    "/templates/email/preview",
    {
      config: { permission: "templates:read" },
      schema: {
        tags: ["Templates"],
        summary: "An e-mail as one user would get it, and what would keep it from arriving",
        body: EmailPreviewRequest,
        response: { 200: EmailPreview },
      },
    },
    ({ caller, body }) => previewEmail(parts, caller, body),
  );
}

/** Pages of e-mails, to be framed. Nothing in them runs, and they know nothing of the panel around them. */
export async function previewPageRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  http.get("/previews/:id", { schema: { hide: true } }, async (request, reply) => {
    const { id } = request.params as { id: string };
    const html = isUuid(id) ? await findPreview(db, id) : null;
    if (html === null) throw new Problem("not_found", "This preview is over; ask for it again.");
    return reply
      .headers({
        "content-security-policy":
          "sandbox; default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      })
      .type("text/html; charset=utf-8")
      .send(html);
  });
}
