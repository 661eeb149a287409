import { importsInto } from "./imports/queries/history.ts";
import { messagesTo } from "./messages/queries/messages.ts";
import type { UsesOf } from "./segments/segments.ts";

/** What a list of users is being used for, beside other segments. */
export const usesOf: UsesOf = async (db, appKey, segmentId) => [
  ...(await messagesTo(db, appKey, segmentId)).map((use) => ({ kind: "message" as const, ...use })),
  ...(await importsInto(db, appKey, segmentId)).map((use) => ({ kind: "import" as const, ...use })),
];
