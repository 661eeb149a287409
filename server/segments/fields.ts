/** How a field compares: decides which operators and values it takes. */
export type FieldType = "text" | "number" | "version" | "moment" | "tags" | "place";

/** The default filters of the wire contract, by their public names. Everything a condition may speak of. */
export const fields = {
  installDate: "moment",
  launchTime: "moment",
  launchCount: "number",
  clientVersion: "version",
  osVersion: "version",
  deviceType: "text",
  tags: "tags",
  nearBy: "place",
} as const satisfies Record<string, FieldType>;

export type FieldName = keyof typeof fields;

export const isFieldName = (name: string): name is FieldName => Object.hasOwn(fields, name);
