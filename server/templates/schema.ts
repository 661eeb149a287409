import { z } from "zod";

/** Longest text of a template, in characters. */
export const maxContent = 64 * 1024;

/** Body of `POST /api/templates/preview`. */
export const TemplatePreviewRequest = z
  .strictObject({
    content: z.string().max(maxContent).describe("Liquid: Hi {{user.first_name}}"),
    userId: z.string().min(1).max(128).describe("Whose values to show"),
  })
  .meta({ id: "TemplatePreviewRequest" });

export const TemplatePreview = z
  .object({
    text: z.string(),
    missing: z
      .array(z.string())
      .describe(
        "Variables that the user has no value for, as user.first_name; also where a default stands in",
      ),
  })
  .meta({ id: "TemplatePreview" });
export type TemplatePreview = z.infer<typeof TemplatePreview>;
