import { z } from "zod";
import { PageQuery } from "../lib/page.ts";
import { attributeTypes } from "./attribute-types.ts";
import { maxTagLength } from "./limits.ts";

/** Channels that a user leaves as a person. */
export const LeavableChannel = z.enum(["email", "sms", "whatsapp"]);
export type LeavableChannel = z.infer<typeof LeavableChannel>;

/** A person. Their devices come with `GET /api/users/{userId}` (see installations). */
export const User = z
  .object({
    userId: z.string(),
    isGuest: z.boolean().describe("True while nobody has logged in: the id was generated"),
    email: z.string().nullable(),
    phone: z.string().nullable().describe("E.164 digits without the plus sign"),
    whatsappId: z
      .string()
      .nullable()
      .describe("What WhatsApp calls them with this business (BSUID), where it hides their number: US.1349…"),
    language: z.string().nullable(),
    optedOut: z.array(LeavableChannel).describe("Channels the user left; push is left by device"),
    leftTopics: z.array(z.string()).describe("Topics that the user does not want to hear of, on any channel"),
    tags: z.array(z.string()),
    attributes: z.record(z.string(), z.unknown()),
    createdAt: z.iso.datetime().describe("When Chapar first stored the user"),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const UserQuery = PageQuery.extend({
  search: z
    .string()
    .trim()
    .max(254)
    .optional()
    .describe(
      "Start of the user id, of the phone number in any way of writing (from 6 digits on), of the e-mail address (from " +
        "3 characters on), or of words of the name",
    ),
  tag: z.string().min(1).max(maxTagLength).optional().describe("Only users with this tag"),
  segment: z.string().min(1).max(200).optional().describe("Only members of this segment, by name or id"),
  import: z.uuid().optional().describe("Only users that rows of this import mean"),
});
export type UserQuery = z.infer<typeof UserQuery>;

/** What values there are on users. The type is fixed by whoever writes the attribute first. */
export const Attribute = z
  .object({
    name: z.string().describe("As filters and templates write it, dots included"),
    type: z.enum(attributeTypes),
    fast: z
      .enum(["no", "building", "ready", "failed"])
      .describe("Whether an index finds users by its value, see POST /api/attributes/{name}/fast"),
    fastFailure: z.string().nullable().describe("Why the index could not be built"),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Attribute" });
export type Attribute = z.infer<typeof Attribute>;
