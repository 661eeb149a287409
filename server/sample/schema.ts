import { z } from "zod";

/** Answer of `GET /api/sample`. */
export const Sample = z
  .object({
    status: z.enum(["none", "importing", "there", "removing"]),
    importId: z.uuid().nullable(),
    segment: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    users: z.int().describe("Rows that made somebody or something"),
    userId: z
      .string()
      .nullable()
      .describe("Of the browser to look at messages in; null before one was opened"),
    hasDevice: z.boolean().describe("Whether that browser has registered"),
  })
  .meta({ id: "Sample" });
export type Sample = z.infer<typeof Sample>;

/** Body of `POST /api/sample`. */
export const NewSample = z
  .strictObject({
    name: z.string().trim().min(1).max(100).default("Sample data").describe("Of the import and its segment"),
  })
  .meta({ id: "NewSample" });

/** What the browser registers and logs in with. */
export const SampleDevice = z
  .object({ publicKey: z.string(), userId: z.string(), userHash: z.string() })
  .meta({ id: "SampleDevice" });
export type SampleDevice = z.infer<typeof SampleDevice>;
