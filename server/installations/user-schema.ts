import { z } from "zod";
import { LeavableChannel, User } from "../users/schema.ts";
import { AttributeChanges, Tag } from "./people-schema.ts";
import { DeviceType, Installation, UserId } from "./schema.ts";

/** By which channels a message reaches somebody. */
export const Reach = z
  .object({
    inbox: z.int().describe("Devices that did not opt out"),
    push: z.int().describe("Those of them with a push token that Chapar can send through"),
    email: z.boolean(),
    sms: z.boolean(),
    whatsapp: z.boolean(),
  })
  .meta({ id: "UserReach" });
export type Reach = z.infer<typeof Reach>;

/** A user in a list. */
export const ListedUser = User.extend({
  reach: Reach,
  deviceTypes: z.array(DeviceType).describe("Kinds of devices, each once"),
  lastSeenAt: z.iso.datetime().nullable().describe("Last visit on any device"),
}).meta({ id: "ListedUser" });
export type ListedUser = z.infer<typeof ListedUser>;

/** A user with their devices. */
export const UserWithInstallations = User.extend({
  reach: Reach,
  installations: z.array(Installation),
}).meta({ id: "UserWithInstallations" });
export type UserWithInstallations = z.infer<typeof UserWithInstallations>;

export const EditedUser = UserWithInstallations.extend({
  refused: z
    .array(z.object({ name: z.string(), detail: z.string() }))
    .optional()
    .describe("Attributes that were not stored and why; not there when all were"),
}).meta({ id: "EditedUser" });
export type EditedUser = z.infer<typeof EditedUser>;

const tags = z.array(Tag).max(1_000);
const country = z
  .string()
  .optional()
  .describe("ISO 3166 alpha-2, for a phone number without a country code; else the app's time zone tells");
const email = z.string().max(254).describe("Stored in lower case");
const phone = z.string().max(64).describe("In any way of writing; stored as E.164 digits");
const whatsappId = z
  .string()
  .regex(/^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/, "is not an id that WhatsApp gives people, such as US.1349120655")
  .describe("What WhatsApp calls them with this business (BSUID), where it hides their number");
const language = z.string().min(1, "expected a language such as fa").max(64);

export const AddUserRequest = z
  .strictObject({
    userId: UserId,
    email: email.optional(),
    phone: phone.optional(),
    whatsappId: whatsappId.optional(),
    country,
    language: language.optional(),
    attributes: AttributeChanges.attributes,
    tags: tags.optional(),
  })
  .meta({ id: "AddUserRequest" });
export type AddUserRequest = z.infer<typeof AddUserRequest>;

/** What is left out stays; null forgets. */
export const EditUserRequest = z
  .strictObject({
    email: email.nullable().optional(),
    phone: phone.nullable().optional(),
    whatsappId: whatsappId.nullable().optional(),
    country,
    language: language.nullable().optional(),
    ...AttributeChanges,
    addTags: tags.optional(),
    removeTags: tags.optional(),
    optedOut: z.array(LeavableChannel).optional().describe("All channels the user left; [] joins them again"),
    leftTopics: z
      .array(z.string().min(1).max(128))
      .max(100)
      .optional()
      .describe("All topics the user does not want to hear of; [] joins them again"),
  })
  .meta({ id: "EditUserRequest" });
export type EditUserRequest = z.infer<typeof EditUserRequest>;
