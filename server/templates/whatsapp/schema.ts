import { z } from "zod";

const Text = z.string().max(1_024);

/** A template of WhatsApp and what its parameters are filled with. Texts are Liquid: `{{ user.first_name }}`. */
export const WhatsappBody = z
  .strictObject({
    template: z.string().min(1).max(512).describe("Its name with WhatsApp"),
    language: z
      .string()
      .min(2)
      .max(20)
      .describe("As WhatsApp writes it: en, pt_BR. Who speaks none of the others gets this one"),
    otherLanguages: z
      .array(z.string().min(2).max(20))
      .max(40)
      .default([])
      .describe("Other languages of the same template: users get the one that they speak"),
    header: Text.optional().describe(
      "The parameter of its text, or the https address of its picture, video or document",
    ),
    filename: z.string().max(200).optional().describe("What a document is called"),
    body: z
      .record(z.string().max(100), Text)
      .default({})
      .describe('Values by the names or numbers of its parameters: {"1": "{{ user.first_name }}"}'),
    buttons: z
      .record(z.string().regex(/^\d$/, "expected the place of a button, from 0"), Text)
      .default({})
      .describe("Values of buttons that take one, by their place from 0: the end of an address, a code"),
  })
  .meta({ id: "WhatsappBody" });
export type WhatsappBody = z.infer<typeof WhatsappBody>;
