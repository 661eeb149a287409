import { z } from "zod";
import type { Http } from "../http/server.ts";
import { Problem } from "../lib/problem.ts";
import type { Bounces } from "./bounces.ts";
import { longestMail } from "./listener.ts";

const Query = z.object({
  recipient: z
    .string()
    .max(320)
    .optional()
    .describe("Whom the envelope of the mail names; looked for in its headers if missing"),
});

const BounceAnswer = z
  .object({
    taken: z
      .enum(["failed", "delivered", "complained", "left", "nothing"])
      .describe("What it said of one of our mails; nothing, if it said nothing, or of none"),
  })
  .meta({ id: "BounceAnswer" });

/** Where a mail server brings what came back, as `chapar bounce` does. */
export async function bounceRoutes(http: Http, { bounces }: { bounces: Bounces }): Promise<void> {
  // As it came, whatever it is called.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: longestMail }, (_, body, done) =>
    done(null, body),
  );
  http.post(
    "/bounces",
    {
      config: { permission: "messages:write" },
      schema: {
        tags: ["Receipts"],
        summary:
          "A mail that came back, as it is: a report of a mail server, a complaint, a letter to hear no more",
        description:
          "The body is the mail (`message/rfc822`), at most 1 MB. It is acted on when it is answered.",
        querystring: Query,
        response: { 200: BounceAnswer },
      },
    },
    async ({ body, caller, query }) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const taken = await bounces.take({
        ...{ bytes, appKey: caller.appKey },
        recipient: query.recipient ?? null,
      });
      if (taken === "unreadable")
        throw new Problem("unreadable", "The body is no mail: it has no headers of one.");
      return { taken };
    },
  );
}
