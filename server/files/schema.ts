import { z } from "zod";

/** Largest image, in bytes: mails with larger ones are slow, and often not shown. */
export const maxFileBytes = 5 * 1024 * 1024;

/** An image that e-mails show, at an address that anybody may open who knows it. */
export const StoredFile = z
  .object({
    id: z.uuid(),
    name: z.string(),
    type: z.enum(["image/png", "image/jpeg", "image/gif", "image/webp"]),
    width: z.int().describe("Pixels"),
    height: z.int(),
    bytes: z.int(),
    path: z
      .string()
      .describe("Where we serve it: /files/{id}/{name}; e-mails put the public address before it"),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "StoredFile" });
export type StoredFile = z.infer<typeof StoredFile>;
