import { z } from "zod";
import { DeviceType, InstallationId, RegisterInstallation } from "../installations/schema.ts";

/** What the SDKs of Chabok say about a value beside it. */
const Meta = z.looseObject({
  keys: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string().optional().describe("`date`: the value is in milliseconds since 1970; `array`"),
        operation: z.enum(["unset", "addToArray", "removeFromArray"]).optional(),
        value: z.array(z.unknown()).max(1_000).optional().describe("Items to add or remove"),
      }),
    )
    .optional(),
});
export type Meta = z.infer<typeof Meta>;

/** `PUT /api/installations/userInfo`: attributes of the user whose device it is. */
export const UserInfo = z
  .looseObject({
    installationId: InstallationId,
    data: z.record(z.string(), z.unknown()).default({}).describe("Values by name; null unsets"),
    __meta: Meta.optional().describe(
      "Of values that are more than themselves: dates, items of lists, what to unset",
    ),
  })
  .meta({ id: "UserInfo" });
export type UserInfo = z.infer<typeof UserInfo>;

const Increment = z.object({ attribute: z.string(), value: z.number().default(1) });

/** `POST /api/installations/incrementAttribute`. */
export const IncrementAttributes = z
  .looseObject({
    installationId: InstallationId,
    attributes: z
      .union([z.array(z.union([Increment, z.string()])).max(1_000), z.record(z.string(), z.number())])
      .describe("`[{attribute, value}]`, names that each grow by 1, or amounts by name"),
  })
  .meta({ id: "IncrementAttributes" });
export type IncrementAttributes = z.infer<typeof IncrementAttributes>;

/** `POST /api/installations/updateDeviceToken`. */
export const DeviceTokenUpdate = z
  .looseObject({
    installationId: InstallationId,
    deviceType: DeviceType.optional(),
    deviceToken: z
      .string()
      .min(1)
      .max(4096)
      .nullable()
      .describe("Push token; null, `disabled` or `NOT_EXIST` where the device has none any more"),
    tokenService: z.enum(["fcm", "apns", "webpush"]).optional(),
  })
  .meta({ id: "DeviceTokenUpdate" });

/** The token is checked with the device that it is of, as at registration. */
export const DeviceWithToken = RegisterInstallation;

const Moment = z.union([z.number().min(0).max(8.64e15), z.iso.datetime({ offset: true })]);

const NotificationAction = z.looseObject({
  type: z.literal(1),
  actionType: z.enum(["SHOWN", "OPENED", "ACTION_TAKEN", "DISMISSED"]),
  msgId: z.uuid(),
  actionTs: Moment.optional(),
  actionId: z.string().max(100).optional().describe("The button that was chosen"),
});
export type NotificationAction = z.infer<typeof NotificationAction>;

const DeviceEvent = z.looseObject({
  type: z.literal(2),
  data: z.looseObject({
    id: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe("The same id is the same event, however often it is sent"),
    eventName: z.string(),
    data: z.record(z.string(), z.unknown()).optional(),
    createdAt: Moment.optional(),
    __meta: Meta.optional(),
  }),
});
export type DeviceEvent = z.infer<typeof DeviceEvent>;

/** What a device did since it last reported. */
export const DeviceItem = z.discriminatedUnion("type", [NotificationAction, DeviceEvent]);

/** `POST /api/installations/events`. Items are checked one by one: what is wrong with one does not keep out the others. */
export const DeviceEvents = z
  .looseObject({
    installationId: InstallationId,
    eventData: z
      .array(z.unknown())
      .max(1_000)
      .describe(
        "`{type: 1, actionType, msgId, actionTs, actionId?}` of a notification, `{type: 2, data: {id, eventName, data, createdAt}}` of an event",
      ),
  })
  .meta({ id: "DeviceEvents" });

export const DeviceEventsAnswer = z
  .object({
    count: z.int().describe("Items that were taken; they are stored when this answer comes"),
    refused: z
      .array(z.object({ index: z.int(), pointer: z.string(), detail: z.string() }))
      .optional()
      .describe("Items that can never be taken, and why; not there when all were"),
  })
  .meta({ id: "DeviceEventsAnswer" });
