import { Alert } from "@mantine/core";
import type { Import } from "../../../server/imports/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ProgressCard } from "../../ui/ProgressCard.tsx";
import { Sentences } from "./Sentences.tsx";

/** What must be known before any number is read: a failure, a dry run, an undo, a file that is gone. */
export function Notes({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const isFailed = item.status === "failed";
  const reasons =
    item.faults.length > 0 ? item.faults : item.failure === null ? [] : [{ detail: item.failure }];
  const ofFile = item.warnings.filter((warning) => warning.column === null);
  return (
    <>
      {isFailed ? (
        <Sentences isFault title={texts.failureTitle} sentences={reasons} />
      ) : (
        item.failure !== null && (
          <Alert color="gray" title={texts.cancelledTitle}>
            <span dir="auto">{item.failure}</span>
          </Alert>
        )
      )}
      {item.dryRun && !isFailed && <Alert title={texts.dryRunTitle}>{texts.dryRunText}</Alert>}
      <Sentences title={texts.fileWarnings} sentences={ofFile} />
      {item.fileErasedAt !== null && (
        <Alert color="gray" title={texts.fileErasedTitle}>
          {texts.fileErased(format.date(item.fileErasedAt))}
        </Alert>
      )}
      {item.expiredAt !== null && (
        <Alert color="gray" title={texts.expiredTitle}>
          {texts.expired(format.date(item.expiredAt))}
        </Alert>
      )}
      {item.undo !== null && <Undo undo={item.undo} />}
    </>
  );
}

function Undo({ undo }: { undo: NonNullable<Import["undo"]> }) {
  const { strings, format } = useWords();
  const texts = strings.imports.undo;
  const removed = texts.removed(
    format.number(undo.users),
    format.number(undo.installations),
    format.number(undo.events),
  );
  if (undo.status === "done") {
    return (
      <Alert color="gray" title={texts.done}>
        {removed}
      </Alert>
    );
  }
  return (
    <Card>
      <ProgressCard title={texts.running} share={null} facts={[removed]} />
    </Card>
  );
}
