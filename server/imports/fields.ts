// Names without code, for the server and the panel alike.

/** What a column of a table of people can be, by the names of the API; everything else is an attribute. */
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

export type PersonField = (typeof personFields)[number];

/** What a column of a table of events can be; everything else is data of the event. */
export const eventFields = ["userId", "installationId", "event", "time", "value", "eventId"] as const;
export type EventField = (typeof eventFields)[number];

/** The headers of a broadcast list that everybody has, in their order; more columns stand to the right of them. */
export const broadcastFields = [
  "username",
  "phone_no",
  "email",
  "first_name",
  "last_name",
  "title",
  "account",
] as const;

/** Character sets that a file may be in. */
export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1256"] as const;
export type Encoding = (typeof encodings)[number];
