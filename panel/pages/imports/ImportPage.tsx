import { Alert, Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import type { Import } from "../../../server/imports/schema.ts";
import { useApi } from "../../api/context.tsx";
import { isRunning, useImport } from "../../api/imports.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Legend, StackedBar } from "../../ui/StackedBar.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { ImportBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { CancelImport } from "./CancelImport.tsx";
import { Duration } from "./Duration.tsx";
import styles from "./ImportPage.module.css";
import { ImportProgress } from "./ImportProgress.tsx";
import { outcomesOf } from "./outcomes.ts";
import { RejectedRows } from "./RejectedRows.tsx";

/** One import: how far it is, what became of the rows, and which were not taken and why. */
export function ImportPage() {
  const { importId } = useParams({ from: "/shell/imports/$importId" });
  const { strings } = useWords();
  const api = useApi();
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
        badge={<ImportBadge status={item.status} />}
        actions={
          isRunning(item.status) ? (
            <CancelImport id={item.id} />
          ) : (
            <Button
              component="a"
              href={api.link(`/imports/${item.id}/original`)}
              download
              variant="default"
              leftSection={<IconDownload size={15} />}
            >
              {strings.imports.original}
            </Button>
          )
        }
      />
      <div className={styles.stack}>
        {item.failure !== null && (
          <Alert color="red" title={strings.imports.failureTitle}>
            <span dir="auto">{item.failure}</span>
          </Alert>
        )}
        {isRunning(item.status) && <ImportProgress item={item} />}
        <div className={styles.columns}>
          <Outcome item={item} />
          <Card title={strings.messages.details}>
            <ImportFacts item={item} />
          </Card>
        </div>
        <RejectedRows item={item} />
      </div>
    </>
  );
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

function ImportFacts({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  return (
    <Facts
      facts={[
        { name: texts.started, value: <Time iso={item.startedAt ?? item.createdAt} /> },
        { name: texts.ended, value: <Time iso={item.endedAt} /> },
        { name: texts.duration, value: <Duration item={item} /> },
        { name: texts.size, value: format.bytes(item.bytes.total) },
        {
          name: texts.checksum,
          value: (
            <span className={styles.checksum}>
              <bdi className="mono clamp-1" title={item.sha256}>
                {item.sha256}
              </bdi>
              <CopyButton text={item.sha256} />
            </span>
          ),
        },
      ]}
    />
  );
}
