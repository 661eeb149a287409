import type { Queryable } from "../db/database.ts";
import type { Read } from "../lib/liquid.ts";
import { validationProblem } from "../lib/problem.ts";
import { getUser } from "../users/users.ts";
import { missingVariables, readTemplate, renderTemplate } from "./render.ts";
import type { TemplatePreview } from "./schema.ts";
import { variablesOf } from "./variables.ts";

/** What one user would get of the template. Stores and sends nothing. */
export async function previewTemplate(
  db: Queryable,
  app: { appKey: number; appId: string },
  request: { content: string; userId: string },
): Promise<TemplatePreview> {
  const template = orProblem(readTemplate(request.content));
  const variables = variablesOf(await getUser(db, app, request.userId));
  return {
    text: orProblem(renderTemplate(template, variables)),
    missing: missingVariables(template, variables),
  };
}

function orProblem<T>(read: Read<T>): T {
  if (read.ok) return read.value;
  throw validationProblem([{ pointer: "/content", detail: read.detail }]);
}
