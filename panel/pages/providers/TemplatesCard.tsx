import { Alert, Badge, Button, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconRefresh, IconTemplate } from "@tabler/icons-react";
import { useMemo } from "react";
import type { TemplatesAnswer } from "../../../server/providers/schema.ts";
import { useRefreshTemplates, useTemplates } from "../../api/whatsapp.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./TemplatesCard.module.css";

type Template = TemplatesAnswer["templates"][number];

/** The templates that an account can send, and why it cannot send the others. */
export function TemplatesCard({ accountId }: { accountId: string }) {
  const { strings, format } = useWords();
  const texts = strings.whatsapp.templates;
  const query = useTemplates();
  const refresh = useRefreshTemplates(accountId);
  const sayProblem = useSayProblem();
  const account = query.data?.accounts.find(({ id }) => id === accountId);
  const templates = query.data?.templates.filter((template) => template.accountId === accountId) ?? [];
  const columns = useColumns();
  return (
    <Card
      flush={templates.length > 0}
      title={texts.title}
      hint={texts.hint}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={refresh.isPending}
          onClick={() =>
            refresh.mutate(undefined, {
              onSuccess: (answer) => {
                const fetched = answer.accounts.find(({ id }) => id === accountId);
                if (fetched?.failure == null) notifications.show({ message: texts.refreshed });
              },
              onError: sayProblem,
            })
          }
        >
          {texts.refresh}
        </Button>
      }
    >
      {account !== undefined && account.failure !== null && (
        <Alert
          color="red"
          role="alert"
          title={texts.failure}
          icon={<IconAlertTriangle size={20} />}
          className={templates.length > 0 ? (styles.failure ?? "") : ""}
        >
          <p className="along" dir="auto">
            {account.failure}
          </p>
        </Alert>
      )}
      {query.data === undefined ? (
        query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={120} role="status" aria-label={strings.common.loading} />
        )
      ) : templates.length === 0 ? (
        account?.failure == null && (
          <EmptyState
            icon={<IconTemplate size={22} stroke={1.6} />}
            title={texts.none}
            hint={texts.noneHint}
          />
        )
      ) : (
        <>
          <div className={styles.list}>
            <DataTable
              label={texts.title}
              columns={columns}
              rows={templates}
              rowKey={({ name, language }) => `${name} ${language}`}
            />
          </div>
          <p className={`${styles.foot} faint`}>
            {texts.all(templates.length, format.number(templates.length))} · {texts.fetchedAt}:{" "}
            {account?.fetchedAt == null ? texts.never : <Time iso={account.fetchedAt} ago />}
          </p>
        </>
      )}
    </Card>
  );
}

function useColumns(): Column<Template>[] {
  const { strings } = useWords();
  const texts = strings.whatsapp.templates;
  return useMemo(
    () => [
      { key: "name", title: texts.name, render: ({ name }) => <bdi className={styles.name}>{name}</bdi> },
      {
        key: "language",
        title: texts.language,
        width: "6rem",
        render: ({ language }) => <bdi className="mono">{language}</bdi>,
      },
      {
        key: "category",
        title: texts.category,
        width: "7.5rem",
        render: ({ category }) => texts.categories[category],
      },
      {
        key: "status",
        title: texts.status,
        width: "42%",
        render: (template) => <Status template={template} />,
      },
    ],
    [texts],
  );
}

const colors: Partial<Record<Template["status"], string>> = {
  approved: "green",
  pending: "yellow",
  in_appeal: "yellow",
  rejected: "red",
  paused: "red",
  disabled: "red",
};

function Status({ template: { status, statusDetail, unsupported } }: { template: Template }) {
  const { strings } = useWords();
  const texts = strings.whatsapp.templates;
  const isSendable = status === "approved" && unsupported === null;
  return (
    <div className={styles.status}>
      <Badge variant="light" color={isSendable ? "green" : (colors[status] ?? "gray")}>
        {texts.statuses[status]}
      </Badge>
      {status !== "approved" && <span className="faint">{texts.statusHints[status]}</span>}
      {status === "approved" && unsupported !== null && (
        <span className="faint">{texts.unsupported(unsupported)}</span>
      )}
      {statusDetail !== null && (
        <span className="faint along" dir="auto">
          {statusDetail}
        </span>
      )}
    </div>
  );
}
