import { z } from "zod";
import { Permission } from "./permissions.ts";

const Scopes = z
  .array(Permission)
  .min(1, "name at least one permission, or give null for all of them")
  .nullable()
  .describe("All that it may be used for; null is everything");

/** An access token, without its secret. */
export const AccessToken = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: Scopes,
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe("To the hour"),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "AccessToken" });
export type AccessToken = z.infer<typeof AccessToken>;

/** Body of `POST /api/tokens`. */
export const NewAccessToken = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe("What it is for"),
    scopes: Scopes.default(null),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .meta({ id: "NewAccessToken" });
export type NewAccessToken = z.infer<typeof NewAccessToken>;

/** Its answer: the only time that the secret is told. */
export const CreatedAccessToken = AccessToken.extend({ token: z.string() }).meta({
  id: "CreatedAccessToken",
});
export type CreatedAccessToken = z.infer<typeof CreatedAccessToken>;
