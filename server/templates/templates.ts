import type { Read } from "../lib/liquid.ts";
import { validationProblem } from "../lib/problem.ts";
import { needsOf } from "./needs.ts";
import { missingVariables, readTemplate, renderTemplate } from "./render.ts";
import type { TemplatePreview } from "./schema.ts";
import type { VariablesFor } from "./variables.ts";

/** What one user would get of the template. Stores and sends nothing. */
export async function previewTemplate(
  variablesFor: VariablesFor,
  app: { appKey: number; appId: string },
  request: { content: string; userId: string },
): Promise<TemplatePreview> {
  const template = orProblem(readTemplate(request.content));
  const variables = await variablesFor(app, request.userId, needsOf([template]));
  return {
    text: orProblem(renderTemplate(template, variables)),
    missing: missingVariables(template, variables),
  };
}

function orProblem<T>(read: Read<T>): T {
  if (read.ok) return read.value;
  throw validationProblem([{ pointer: "/content", detail: read.detail }]);
}
