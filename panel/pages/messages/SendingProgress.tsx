import type { Message } from "../../../server/messages/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { doneShare } from "../../ui/funnel.ts";
import { useWords } from "../../ui/language.tsx";
import { ProgressCard } from "../../ui/ProgressCard.tsx";
import { secondsLeft } from "../../ui/rate.ts";
import { useRate } from "../../ui/useRate.ts";

/** A message on its way out: how many devices have had their turn, how fast, how long still. */
export function SendingProgress({ message }: { message: Message }) {
  const { strings, format } = useWords();
  const { counts, status } = message;
  const done = counts.targeted - counts.queued;
  const rate = useRate(done);
  const left = secondsLeft(done, counts.targeted, rate);
  const isFrozen = message.frozenAt !== null;
  const facts = isFrozen
    ? [
        strings.imports.uploadOf(format.number(done), format.number(counts.targeted)),
        ...(rate === null ? [] : [strings.imports.perSecond(format.number(Math.round(rate)))]),
        ...(left === null ? [] : [strings.imports.timeLeft(format.duration(left))]),
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
