import { z } from "zod";
import { Message, MessageSource } from "../messages/schema.ts";

/** A send to a segment with its numbers. One made by `push/byQuery` has the id of its message. */
export const Campaign = z
  .object({
    id: z.uuid(),
    name: z.string().describe("The first words of the content when nobody named it"),
    source: MessageSource,
    message: Message,
  })
  .meta({ id: "Campaign" });
export type Campaign = z.infer<typeof Campaign>;
