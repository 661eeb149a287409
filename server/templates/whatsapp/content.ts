import { z } from "zod";
import type { TemplateDetails } from "../../channels/provider.ts";

/** What a template looks like in a chat: texts filled in as far as they are. */
export const TemplateLook = z
  .object({
    header: z
      .object({
        kind: z.enum(["text", "image", "video", "document"]),
        text: z.string().describe("The text, or where the picture, video or document is"),
      })
      .nullable(),
    body: z.string(),
    footer: z.string().nullable(),
    buttons: z.array(z.object({ kind: z.string(), text: z.string() })),
  })
  .meta({ id: "TemplateLook" });
export type TemplateLook = z.infer<typeof TemplateLook>;

/** What is kept of a template in a message: everything that a provider gets, with Liquid for the values. */
export interface WhatsappContent extends Omit<TemplateDetails, "language"> {
  /** The first for whoever speaks none of the others. */
  languages: string[];
  look: TemplateLook;
}
