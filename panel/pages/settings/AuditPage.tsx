import { Badge, Button, Group, Modal, Select, UnstyledButton } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { AuditEntry } from "../../../server/accounts/audit-schema.ts";
import { restorableSince } from "../../../server/lib/deleted.ts";
import { useAudit } from "../../api/audit.ts";
import { usePagePlace } from "../../api/pages.ts";
import type { Restorable } from "../../api/undelete.ts";
import { useMay } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useRestore } from "../../ui/useRestore.tsx";
import styles from "./AuditPage.module.css";
import { changesOf } from "./changesOf.ts";
import { SettingsFrame } from "./SettingsFrame.tsx";

const route = getRouteApi("/shell/settings/audit");

/** Who did what, with what was there before and after. */
export function AuditPage() {
  const { strings } = useWords();
  const texts = strings.access.audit;
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const place = usePagePlace(JSON.stringify(filter));
  const entries = useAudit(filter, place.cursor);
  const [shown, setShown] = useState<AuditEntry | null>(null);
  const columns = useAuditColumns(setShown);
  const nouns = Object.entries(strings.actions.nouns).map(([value, label]) => ({ value, label }));
  return (
    <SettingsFrame title={texts.title} lead={texts.lead} isWide>
      <Group gap="sm">
        <Select
          aria-label={texts.noun}
          placeholder={texts.noun}
          clearable
          data={nouns}
          value={filter.noun ?? null}
          onChange={(noun) =>
            void navigate({ search: (old) => ({ ...old, noun: noun ?? undefined }), replace: true })
          }
        />
        {filter.actor !== undefined && (
          <Button
            variant="default"
            onClick={() => void navigate({ search: (old) => ({ ...old, actor: undefined }), replace: true })}
          >
            <bdi>{filter.actor}</bdi> · {texts.clear}
          </Button>
        )}
      </Group>
      <Card flush>
        {entries.data === undefined ? (
          entries.isError ? (
            <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />
          ) : (
            <RowsSkeleton rows={6} />
          )
        ) : entries.data.data.length === 0 ? (
          <EmptyState
            icon={<IconHistory size={22} stroke={1.6} />}
            title={texts.empty}
            hint={texts.emptyHint}
          />
        ) : (
          <DataTable label={texts.list} columns={columns} rows={entries.data.data} rowKey={({ id }) => id} />
        )}
        <Pager place={place} nextCursor={entries.data?.nextCursor ?? null} isBusy={entries.isFetching} />
      </Card>
      {shown !== null && <Details entry={shown} onClose={() => setShown(null)} />}
    </SettingsFrame>
  );
}

/** What was done, in words: the noun and the verb that the action is made of. */
function useActionWords(): (action: AuditEntry["action"]) => string {
  const { strings } = useWords();
  return (action) => {
    const [noun = "", verb = ""] = action.split(".");
    const { nouns, verbs }: { nouns: Record<string, string>; verbs: Record<string, string> } =
      strings.actions;
    return `${nouns[noun] ?? noun}: ${verbs[verb] ?? verb}`;
  };
}

function useAuditColumns(onShow: (entry: AuditEntry) => void): Column<AuditEntry>[] {
  const { strings } = useWords();
  const texts = strings.access.audit;
  const navigate = route.useNavigate();
  const words = useActionWords();
  return [
    { key: "action", title: texts.action, render: ({ action }) => <strong>{words(action)}</strong> },
    {
      key: "actor",
      title: texts.actor,
      render: ({ actor }) => (
        <UnstyledButton
          className="text-link"
          title={texts.byActor}
          onClick={() => void navigate({ search: (old) => ({ ...old, actor }), replace: true })}
        >
          <bdi>{actor}</bdi>
        </UnstyledButton>
      ),
    },
    {
      key: "subject",
      title: texts.subject,
      render: ({ subject, detail }) => (
        <span className={`${styles.subject} clamp-1`} title={subject}>
          <bdi>{nameIn(detail) ?? subject}</bdi>
        </span>
      ),
    },
    { key: "at", title: texts.at, width: "11rem", render: ({ at }) => <Time iso={at} /> },
    {
      key: "details",
      title: "",
      width: "12.5rem",
      render: (entry) => (
        <>
          {Object.keys(entry.detail).length > 0 && (
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={texts.showDetails(words(entry.action))}
              onClick={() => onShow(entry)}
            >
              {texts.details}
            </Button>
          )}
          <RestoreButton entry={entry} />
        </>
      ),
    },
  ];
}

const restorables: Partial<Record<AuditEntry["action"], Restorable>> = {
  "campaign.deleted": "campaigns",
  "segment.deleted": "segments",
  "template.deleted": "templates",
};

/** Brings back what was deleted, as long as the server has it. */
function RestoreButton({ entry: { action, subject, at } }: { entry: AuditEntry }) {
  const { strings } = useWords();
  const may = useMay();
  const restore = useRestore();
  const kind = restorables[action];
  if (kind === undefined || !may(`${kind}:write`) || new Date(at) < restorableSince(new Date())) return null;
  return (
    <Button variant="subtle" size="compact-sm" onClick={() => void restore(kind, subject)}>
      {strings.common.restore}
    </Button>
  );
}

/** What the thing is called, where the change tells it. */
function nameIn(detail: Record<string, unknown>): string | null {
  for (const side of [detail.after, detail.before, detail]) {
    if (typeof side !== "object" || side === null) continue;
    const { name, email } = side as { name?: unknown; email?: unknown };
    if (typeof name === "string" && name !== "") return name;
    if (typeof email === "string" && email !== "") return email;
  }
  return null;
}

function Details({ entry, onClose }: { entry: AuditEntry; onClose(): void }) {
  const { strings, format } = useWords();
  const texts = strings.access.audit;
  const words = useActionWords();
  const changes = changesOf(entry.detail);
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={<strong>{words(entry.action)}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <p className="faint">
        <bdi>{entry.actor}</bdi> · {format.dateTime(entry.at)} ·{" "}
        <Badge variant="light" color="gray" className={styles.id ?? ""}>
          <bdi>{entry.subject}</bdi>
        </Badge>
      </p>
      <div className={styles.scroll}>
        <table className={styles.changes}>
          <thead>
            <tr>
              <th scope="col">{texts.field}</th>
              <th scope="col">{texts.before}</th>
              <th scope="col">{texts.after}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row" dir="ltr">
                  {field}
                </th>
                <td dir="auto">{before ?? texts.nothing}</td>
                <td dir="auto">{after ?? texts.nothing}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}
