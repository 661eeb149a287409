import type { ColumnTarget } from "../../../server/imports/schema.ts";

export type AttributeType = NonNullable<Exclude<ColumnTarget, string>["type"]>;

/** What a column of a table of people can be, by the names of the API. */
export const personFields = [
  "userId",
  "phone",
  "email",
  "language",
  "tags",
  "country",
  "timeZone",
  "location",
  "installationId",
  "deviceType",
  "deviceModel",
  "deviceToken",
  "osVersion",
  "clientVersion",
  "launchCount",
  "installDate",
  "launchTime",
] as const;

/** What a column of a table of events can be. */
export const eventFields = ["userId", "installationId", "event", "time", "value", "eventId"] as const;

/** Types that the value of an attribute can have. */
export const attributeTypes = [
  "TEXT",
  "NUMBER",
  "BOOLEAN",
  "DATE",
  "TIME",
  "DATETIME",
  "ARRAY",
  "OBJECT",
  "LOCATION",
] as const satisfies readonly AttributeType[];

/** Character encodings that a file may be in, by the names of the API, as people write them. */
export const encodingNames = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16 LE",
  "utf-16be": "UTF-16 BE",
  "windows-1256": "Windows-1256",
  "windows-1252": "Windows-1252",
} as const;
