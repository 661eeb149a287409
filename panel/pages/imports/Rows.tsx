import { Button, SegmentedControl } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { useApi } from "../../api/context.tsx";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ChangedRows } from "./ChangedRows.tsx";
import { RejectedRows } from "./RejectedRows.tsx";
import styles from "./Rows.module.css";

const views = ["errors", "changes", "created", "updated"] as const;
type View = (typeof views)[number];

/** The file row by row: which were not taken and why, and what the others did to whom. */
export function Rows({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const api = useApi();
  const [chosen, choose] = useState<View | null>(null);
  const { rejected, discarded, created, updated } = item.rows;
  const counts: Record<View, number> = {
    errors: rejected + discarded,
    changes: created + updated,
    created,
    updated,
  };
  const titles: Record<View, string> = {
    errors: texts.rejectedRows,
    changes: texts.changedRows,
    created: texts.outcomes.created,
    updated: texts.outcomes.updated,
  };
  const view = chosen ?? (counts.errors > 0 || counts.changes === 0 ? "errors" : "changes");
  // Created and updated apart only where there are both.
  const shown = created > 0 && updated > 0 ? views : views.slice(0, 2);
  return (
    <Card flush>
      <div className={styles.head}>
        <SegmentedControl
          size="xs"
          aria-label={texts.rows}
          value={view}
          // The values are the views.
          onChange={(value) => choose(value as View)}
          data={shown.map((value) => ({
            value,
            label: `${titles[value]} (${format.number(counts[value])})`,
          }))}
        />
        {view === "errors" && counts.errors > 0 && (
          <Button
            component="a"
            href={api.link(`/imports/${item.id}/errors.csv`)}
            download
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} />}
          >
            {strings.common.download}
          </Button>
        )}
      </div>
      {view === "errors" ? (
        <RejectedRows item={item} />
      ) : (
        <ChangedRows item={item} outcome={view === "changes" ? undefined : view} />
      )}
    </Card>
  );
}
