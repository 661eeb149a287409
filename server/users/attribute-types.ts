// Without code, for the server and the panel alike.

/** Types an attribute of a user, or a value of an event, can have; the form a file writes each in is in docs/importing.md. */
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
] as const;
export type AttributeType = (typeof attributeTypes)[number];
