import type { ParsedReceipts } from "../provider.ts";

/** Of services that report nothing: what became of a message is told by the device itself. */
export const refuseReceipts = (): ParsedReceipts => ({
  ok: false,
  refused: "unverified",
  detail: "This service sends no reports",
});
