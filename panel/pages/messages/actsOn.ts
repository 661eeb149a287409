import type { MessageReport } from "../../../server/messages/schema.ts";
import type { MessageAct } from "../../api/messages.ts";
import { isSending } from "../../api/messages.ts";

/** What can be done with a message in its state; the server has the last word. */
export function actsOn({
  status,
  counts,
}: Pick<MessageReport, "status" | "counts">): Set<MessageAct | "retry"> {
  const acts = new Set<MessageAct | "retry">();
  if (isSending(status)) acts.add("pause").add("cancel");
  if (status === "paused") acts.add("resume").add("cancel");
  if (status === "finished" && counts.failed + counts.unknown > 0) acts.add("retry");
  return acts;
}
