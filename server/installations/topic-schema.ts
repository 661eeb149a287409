import { z } from "zod";

const Title = z.string().trim().min(1, "give a title, or leave the language out").max(100);

const topicFields = {
  titles: z
    .strictObject({ en: Title.optional(), fa: Title.optional() })
    .describe("What people read who choose topics, by language; the topic's own name where there is none"),
  isListed: z
    .boolean()
    .describe("Whether it is on the page of choices of every mail; else only in mails of this topic"),
};

/** Body of `PUT /api/topics/{topic}`. */
export const TopicTitles = z.strictObject(topicFields).meta({ id: "TopicTitles" });
export type TopicTitles = z.infer<typeof TopicTitles>;

/** A topic as people see it where they choose what to hear of. */
export const Topic = z
  .object({
    topic: z.string(),
    ...topicFields,
    isInUse: z.boolean().describe("Some device is in it; every device is in `default`"),
  })
  .meta({ id: "Topic" });
export type Topic = z.infer<typeof Topic>;
