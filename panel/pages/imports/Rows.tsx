import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ChangedRows, type ChangeOutcome } from "./ChangedRows.tsx";
import { RejectedRows } from "./RejectedRows.tsx";
import styles from "./Rows.module.css";

type View = "errors" | "changes";

/** The file row by row: which were not taken and why, and what the others did to whom. */
export function Rows({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const [chosen, choose] = useState<View | null>(null);
  const [outcome, setOutcome] = useState<ChangeOutcome>(undefined);
  const { rejected, discarded, created, updated } = item.rows;
  const counts: Record<View, number> = { errors: rejected + discarded, changes: created + updated };
  const view = chosen ?? (counts.errors > 0 || counts.changes === 0 ? "errors" : "changes");
  const titled = (title: string, count: number) => `${title} (${format.number(count)})`;
  return (
    <Card flush>
      <div className={styles.head}>
        <SegmentedControl
          size="xs"
          aria-label={texts.rows}
          value={view}
          onChange={choose}
          data={[
            { value: "errors", label: titled(texts.rejectedRows, counts.errors) },
            { value: "changes", label: titled(texts.changedRows, counts.changes) },
          ]}
        />
        {view === "changes" && created > 0 && updated > 0 && (
          <SegmentedControl
            size="xs"
            aria-label={texts.kind}
            value={outcome ?? "all"}
            onChange={(value) => setOutcome(value === "all" ? undefined : value)}
            data={[
              { value: "all", label: texts.changesAll },
              { value: "created", label: titled(texts.outcomes.created, created) },
              { value: "updated", label: titled(texts.outcomes.updated, updated) },
            ]}
          />
        )}
      </div>
      {view === "errors" ? <RejectedRows item={item} /> : <ChangedRows item={item} outcome={outcome} />}
    </Card>
  );
}
