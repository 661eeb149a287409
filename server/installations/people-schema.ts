import { z } from "zod";
import { maxTagLength } from "../users/limits.ts";
import { Installation, InstallationId, UserId } from "./schema.ts";

const isObject = ({ value }: { value: unknown }) => typeof value === "object" && value !== null;

export const Tag = z
  .string()
  .min(1, `expected a tag of 1 to ${maxTagLength} characters`)
  .max(maxTagLength, `expected a tag of 1 to ${maxTagLength} characters`)
  .refine((tag) => !tag.includes("\0"), "expected a tag without the NUL character");

/** Every call about a person's tags answers how many devices they have. */
export const DeviceCount = z
  .object({ count: z.int().describe("Devices of the user") })
  .meta({ id: "DeviceCount" });

export const TagPath = z.object({ userId: UserId, tag: Tag });

export const TagsRequest = z
  .looseObject({ userId: UserId, tags: z.array(Tag).min(1, "expected at least one tag").max(1_000) })
  .meta({ id: "TagsRequest" });

/** A number or a truth value is its text, as in the tags of an import. */
const TagValue = z
  .union([z.string().min(1), z.number(), z.boolean()], "is required: the value of the tag")
  .transform(String);

export const ValueTagRequest = z
  .looseObject({ userId: UserId, tag: Tag, value: TagValue })
  .refine(({ tag, value }) => Tag.safeParse(`${tag}_${value}`).success && tag !== "__proto__", {
    path: ["value"],
    error: `expected a tag and value of at most ${maxTagLength - 1} characters together`,
  })
  .meta({ id: "ValueTagRequest" });

export const RemoveValueTagRequest = z
  .looseObject({ userId: UserId, tag: Tag })
  .meta({ id: "RemoveValueTagRequest" });

const names = z.array(z.string()).max(1_000);
const lists = z.record(z.string(), z.array(z.unknown()).max(1_000));

/** Changes of attributes, as several requests carry them. */
export const AttributeChanges = {
  attributes: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Values by name; null unsets. The first value of a name fixes its type"),
  unset: names.optional(),
  increment: z.record(z.string(), z.number()).optional().describe("Amounts by the name of a NUMBER"),
  add: lists.optional().describe("Items to add to an ARRAY, each once"),
  remove: lists.optional().describe("Items to remove from an ARRAY"),
};

/** Attributes of the owner of an installation, or of a user named; a user nobody knew yet is made. */
export const AttributesRequest = z
  .looseObject({
    userId: UserId.optional(),
    installationId: InstallationId.optional(),
    ...AttributeChanges,
  })
  .refine(({ userId, installationId }) => (userId === undefined) !== (installationId === undefined), {
    path: ["userId"],
    error: "give either userId or installationId",
    when: isObject,
  })
  .refine((body) => body.attributes ?? body.unset ?? body.increment ?? body.add ?? body.remove, {
    path: ["attributes"],
    error: "is required: an object of values by name",
    when: isObject,
  })
  .meta({ id: "AttributesRequest" });

export const AttributesAnswer = z
  .object({
    count: z.int().describe("Devices of the user"),
    refused: z
      .array(z.object({ name: z.string(), detail: z.string() }))
      .optional()
      .describe("Values that were not stored and why; not there when all were"),
  })
  .meta({ id: "AttributesAnswer" });

/** A device with what its user has, as the installation of Chabok's API carries it. */
export const FullInstallation = Installation.extend({
  isGuest: z.boolean(),
  tags: z.array(z.string()),
  userInfo: z.record(z.string(), z.unknown()).describe("Attributes of the user"),
}).meta({ id: "FullInstallation" });
export type FullInstallation = z.infer<typeof FullInstallation>;
