import { z } from "zod";
import { PageQuery } from "../lib/page.ts";

/** A person. Their devices come with `GET /api/users/{userId}` (see installations). */
export const User = z
  .object({
    userId: z.string(),
    isGuest: z.boolean().describe("True while nobody has logged in: the id was generated"),
    email: z.string().nullable(),
    phone: z.string().nullable().describe("E.164 digits without the plus sign"),
    language: z.string().nullable(),
    tags: z.array(z.string()),
    attributes: z.record(z.string(), z.unknown()),
    createdAt: z.iso.datetime().describe("When Chapar first stored the user"),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const UserQuery = PageQuery.extend({
  search: z.string().trim().max(128).optional().describe("Start of the user id"),
});
export type UserQuery = z.infer<typeof UserQuery>;
