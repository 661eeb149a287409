import { z } from "zod";
import { AppIdPattern } from "../lib/app-id.ts";
import { isTimeZone } from "../lib/time-zones.ts";

/** An app. */
export const App = z
  .object({ appId: z.string(), name: z.string(), timeZone: z.string() })
  .meta({ id: "App" });

export type App = z.infer<typeof App>;

/** Body of `POST /api/apps`. */
export const NewApp = z
  .strictObject({
    appId: z
      .string()
      .regex(AppIdPattern, "expected lower-case letters, digits and hyphens, at most 63")
      .describe("Part of topics and addresses; it stays for good"),
    name: z.string().trim().min(1).max(100),
    timeZone: z.string().refine(isTimeZone, "expected a time zone such as Asia/Tehran"),
  })
  .meta({ id: "NewApp" });
export type NewApp = z.infer<typeof NewApp>;
