import type { MessageReport } from "../../../server/messages/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { doneShare } from "../../ui/funnel.ts";
import { useWords } from "../../ui/language.tsx";
import { ProgressCard } from "../../ui/ProgressCard.tsx";

/** A message on its way out: how many have had their turn, how fast and how fast it may, how long still. */
export function SendingProgress({ report }: { report: MessageReport }) {
  const { strings, format } = useWords();
  const texts = strings.report;
  const { counts, status, rate } = report;
  const done = counts.targeted - counts.queued;
  const isFrozen = report.frozenAt !== null;
  const pace = (value: number) => format.number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  const facts = isFrozen
    ? [
        strings.imports.uploadOf(format.number(done), format.number(counts.targeted)),
        ...(status === "paused" ? [] : [texts.rateActual(pace(rate.actual))]),
        ...(report.channel === "inbox"
          ? []
          : [rate.limit === null ? texts.rateUnlimited : texts.rateLimit(pace(rate.limit))]),
        ...(report.secondsLeft === null
          ? []
          : [strings.imports.timeLeft(format.duration(report.secondsLeft))]),
      ]
    : [strings.messages.waitingForFreeze];
  return (
    <Card>
      <ProgressCard
        title={strings.messages.statuses[status]}
        share={isFrozen ? doneShare(counts) : null}
        facts={facts}
      />
    </Card>
  );
}
