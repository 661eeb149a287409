import type { Import } from "../../../server/imports/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ProgressCard } from "../../ui/ProgressCard.tsx";
import { secondsLeft } from "../../ui/rate.ts";
import { useRate } from "../../ui/useRate.ts";

/** A running import: share of the file read, pace in rows, and the time it will still take. */
export function ImportProgress({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const rowRate = useRate(item.rows.total);
  // Time left goes by bytes: nobody knows the number of rows before the end of the file.
  const byteRate = useRate(item.bytes.read);
  const { total } = item.bytes;
  if (total === null) {
    return (
      <Card>
        <ProgressCard title={texts.receiving} share={null} facts={[texts.receivingHint]} />
      </Card>
    );
  }
  const left = secondsLeft(item.bytes.read, total, byteRate);
  const isWaiting = item.status === "queued";
  const facts = isWaiting
    ? [texts.waitingForWorker]
    : [
        texts.progressOf(format.bytes(item.bytes.read), format.bytes(total)),
        rowRate === null ? texts.measuring : texts.rowsPerSecond(format.number(Math.round(rowRate))),
        ...(left === null ? [] : [texts.timeLeft(format.duration(left))]),
      ];
  return (
    <Card>
      <ProgressCard
        title={texts.statuses[item.status]}
        share={isWaiting || total === 0 ? null : item.bytes.read / total}
        facts={facts}
      />
    </Card>
  );
}
