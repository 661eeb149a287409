import { z } from "zod";

/** How a template fares with WhatsApp: only approved ones can be sent. */
export const TemplateStatus = z.enum([
  ...["approved", "pending", "rejected", "paused", "disabled", "in_appeal", "limit_exceeded"],
  ...["archived", "deleted", "pending_deletion", "other"],
] as const);
export type TemplateStatus = z.infer<typeof TemplateStatus>;

/** A button of a template. */
const TemplateButton = z.object({
  kind: z.enum(["quick_reply", "url", "phone_number", "copy_code", "other"]),
  text: z.string().describe("What stands on it"),
  url: z.string().nullable().describe("Where it leads; {{1}} at its end takes a value"),
  takesValue: z
    .boolean()
    .describe("It takes a value: the end of the address, the code, or what a reply says about itself"),
  needsValue: z.boolean().describe("It cannot be sent without one"),
});

/**
 * A template of WhatsApp, as a service lists it.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview
 */
export const MessageTemplate = z.object({
  name: z.string(),
  language: z.string().describe("As WhatsApp writes it: en, pt_BR"),
  category: z.enum(["marketing", "utility", "authentication", "other"]),
  status: TemplateStatus,
  statusDetail: z.string().nullable().describe("Why it is not approved, as far as the service says"),
  header: z
    .object({
      kind: z.enum(["text", "image", "video", "document", "location", "other"]),
      text: z.string().nullable(),
      parameters: z
        .array(z.string())
        .describe("Names or numbers of its parameters, as they stand in the text"),
    })
    .nullable(),
  body: z.object({ text: z.string(), parameters: z.array(z.string()) }),
  footer: z.string().nullable(),
  buttons: z.array(TemplateButton),
  parameters: z.enum(["positional", "named"]),
  unsupported: z
    .string()
    .nullable()
    .describe("What of it Chapar cannot fill in, so that it cannot be sent; null for nothing"),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;
