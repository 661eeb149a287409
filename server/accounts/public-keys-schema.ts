import { z } from "zod";
import { isOrigin } from "../lib/origin.ts";

const Origin = z.union(
  [z.literal("*"), z.string().max(255).refine(isOrigin)],
  "expected the origin of a page, as https://shop.example or http://localhost:5173, or * for any",
);

const fields = {
  name: z.string().trim().min(1).max(100),
  origins: z
    .array(Origin)
    .max(50)
    .describe(
      "Pages that may use it: scheme, host and port. Apps outside of a browser have none and are let in",
    ),
};

/** A key that stands in apps and pages for everybody to read: it registers devices, and each speaks for itself alone. */
export const PublicKey = z
  .object({ id: z.uuid(), ...fields, key: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: "PublicKey" });
export type PublicKey = z.infer<typeof PublicKey>;

/** Body of `POST /api/public-keys`. */
export const NewPublicKey = z.strictObject(fields).meta({ id: "NewPublicKey" });
export type NewPublicKey = z.infer<typeof NewPublicKey>;

/** Body of `PATCH /api/public-keys/{id}`. */
export const PublicKeyChange = z.strictObject(fields).partial().meta({ id: "PublicKeyChange" });
export type PublicKeyChange = z.infer<typeof PublicKeyChange>;

/** What the customer's own server hashes user ids with, so that devices can prove who logs in on them. */
export const UserHashSecret = z
  .object({
    secret: z
      .string()
      .describe("Key of the HMAC-SHA256 over the user id (UTF-8), written in hexadecimal digits"),
  })
  .meta({ id: "UserHashSecret" });
export type UserHashSecret = z.infer<typeof UserHashSecret>;
