import type { DeliveryCounts, Engagement, ReasonCount } from "../../../server/deliveries/schema.ts";
import { sentOf } from "../../ui/funnel.ts";

/** A number and what it is a part of. */
interface Figure {
  value: number;
  of: number;
}

/** What became of an e-mail, each person once. */
export interface EmailFigures {
  /** Of all that went out. */
  delivered: Figure;
  bounced: Figure;
  /** Of those delivered. */
  opened: Figure;
  clicked: Figure;
  left: Figure;
  complained: Figure;
}

/** Why mails come back: the server that was spoken to refused them, or one behind it did later. */
const bounces: readonly ReasonCount["reason"][] = ["address_gone", "rejected", "undelivered"];

/** The reasons for which mails came back, the most frequent first, whatever codes they had. */
export function bouncesOf(
  reasons: readonly ReasonCount[],
): { reason: ReasonCount["reason"]; count: number }[] {
  return bounces
    .map((reason) => ({
      reason,
      count: reasons.reduce(
        (sum, item) => (item.state === "failed" && item.reason === reason ? sum + item.count : sum),
        0,
      ),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** See {@link EmailFigures}. Without an engagement nothing was done yet. */
export function figuresOf(
  counts: DeliveryCounts,
  reasons: readonly ReasonCount[],
  engagement: Engagement | undefined,
): EmailFigures {
  const delivered = sentOf(counts);
  const bounced = bouncesOf(reasons).reduce((sum, { count }) => sum + count, 0);
  const people = (kind: "opened" | "clicked" | "left" | "complained") => ({
    value: engagement?.[kind].people ?? 0,
    of: delivered,
  });
  return {
    delivered: { value: delivered, of: delivered + bounced },
    bounced: { value: bounced, of: delivered + bounced },
    opened: people("opened"),
    clicked: people("clicked"),
    left: people("left"),
    complained: people("complained"),
  };
}
