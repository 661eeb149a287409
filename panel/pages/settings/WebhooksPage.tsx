import { Button } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Webhook } from "../../../server/webhooks/schema.ts";
import { useWebhooks } from "../../api/webhooks.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";
import { WebhookEditor } from "./WebhookEditor.tsx";
import { WebhookState } from "./WebhookState.tsx";
import { eventWords } from "./webhookWords.ts";

/** Addresses that are told what happens. */
export function WebhooksPage() {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const query = useWebhooks();
  const [isAdding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {texts.add}
    </Button>
  );
  return (
    <SettingsFrame
      isWide
      title={texts.title}
      lead={texts.lead}
      actions={query.data?.length ? add : undefined}
    >
      <Card flush>
        {query.data === undefined ? (
          query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <RowsSkeleton rows={3} />
          )
        ) : query.data.length === 0 ? (
          <EmptyState
            icon={<IconWebhook size={22} stroke={1.6} />}
            title={texts.empty}
            hint={texts.emptyHint}
            action={add}
          />
        ) : (
          <WebhookTable webhooks={query.data} />
        )}
      </Card>
      {isAdding && <WebhookEditor webhook={null} onClose={() => setAdding(false)} />}
    </SettingsFrame>
  );
}

function WebhookTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  const { strings, format } = useWords();
  const texts = strings.webhooks;
  const columns: Column<Webhook>[] = [
    {
      key: "name",
      title: texts.name,
      render: (row) => (
        <>
          <Link to="/settings/webhooks/$webhookId" params={{ webhookId: row.id }} className={rowLink}>
            <bdi>{row.name}</bdi>
          </Link>
          <div className="faint clamp-1">
            <bdi dir="ltr">{row.url}</bdi>
          </div>
        </>
      ),
    },
    {
      key: "events",
      title: texts.events,
      render: (row) => row.events.map((event) => eventWords(event, strings)).join(strings.common.comma),
    },
    { key: "state", title: texts.state, width: "9rem", render: (row) => <WebhookState webhook={row} /> },
    {
      key: "waiting",
      title: texts.waiting,
      width: "6rem",
      isNumber: true,
      render: (row) => format.number(row.waiting),
    },
  ];
  return <DataTable label={texts.title} columns={columns} rows={webhooks} rowKey={(row) => row.id} />;
}
