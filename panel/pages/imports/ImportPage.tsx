import { useParams } from "@tanstack/react-router";
import type { Import } from "../../../server/imports/schema.ts";
import { isRunning, useImport } from "../../api/imports.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Legend, StackedBar } from "../../ui/StackedBar.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { ImportBadge } from "../../ui/StatusBadge.tsx";
import { CancelImport } from "./CancelImport.tsx";
import { Consent } from "./Consent.tsx";
import { ImportFacts } from "./ImportFacts.tsx";
import styles from "./ImportPage.module.css";
import { ImportProgress } from "./ImportProgress.tsx";
import { Notes } from "./Notes.tsx";
import { outcomesOf } from "./outcomes.ts";
import { Result } from "./Result.tsx";
import { Rows } from "./Rows.tsx";
import { RunForReal } from "./RunForReal.tsx";
import { Understood } from "./Understood.tsx";
import { UndoImport } from "./UndoImport.tsx";
import { Warnings } from "./Warnings.tsx";

/** One import: how far it is, what became of the rows, and which were not taken and why. */
export function ImportPage() {
  const { importId } = useParams({ from: "/shell/imports/$importId" });
  const { strings } = useWords();
  const query = useImport(importId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  const item = query.data;
  return (
    <>
      <PageHeader
        title={item.name}
        parent={{ title: strings.imports.title, to: "/imports" }}
        badge={<ImportBadge item={item} />}
        actions={<Actions item={item} />}
      />
      <div className={styles.stack}>
        <Notes item={item} />
        {isRunning(item.status) && <ImportProgress item={item} />}
        <div className={styles.columns}>
          <div className={styles.stack}>
            <Outcome item={item} />
            {!isRunning(item.status) && <Result item={item} />}
          </div>
          <div className={styles.stack}>
            <Card title={strings.messages.details}>
              <ImportFacts item={item} />
            </Card>
            {item.consent !== null && <Consent consent={item.consent} />}
          </div>
        </div>
        <Understood item={item} />
        <Warnings item={item} />
        {hasRows(item) && <Rows item={item} />}
      </div>
    </>
  );
}

/** A file that was refused as a whole says so above; "nothing was rejected" would be a lie. */
const hasRows = ({ status, rows, expiredAt }: Import) =>
  expiredAt === null &&
  (rows.total > 0 || status === "completed" || status === "importing" || status === "validating");

function Actions({ item }: { item: Import }) {
  if (isRunning(item.status)) return <CancelImport item={item} />;
  if (item.dryRun) {
    const canRun =
      item.status.startsWith("completed") && item.fileErasedAt === null && item.expiredAt === null;
    return canRun ? <RunForReal item={item} /> : null;
  }
  const hasEffect = item.rows.created > 0 || (item.segment !== null && item.rows.total > item.rows.rejected);
  return item.undo === null && item.expiredAt === null && hasEffect ? <UndoImport item={item} /> : null;
}

function Outcome({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const shares = outcomesOf(item.rows, isRunning(item.status)).map((outcome) => ({
    ...outcome,
    label: texts.outcomes[outcome.key],
  }));
  return (
    <Card title={texts.outcome}>
      <StackedBar label={texts.outcome} shares={shares} isThick />
      <Legend shares={shares} total={item.rows.total} totalLabel={texts.rows} />
    </Card>
  );
}
