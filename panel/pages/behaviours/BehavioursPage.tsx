import { ActionIcon, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp, IconSearch } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { nameKey } from "../../../server/lib/names.ts";
import { useEventNames } from "../../api/events.ts";
import { Card } from "../../ui/Card.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import styles from "./BehavioursPage.module.css";
import { BehaviourTabs } from "./BehaviourTabs.tsx";
import { FirstEvent } from "./FirstEvent.tsx";
import { type ListSettings, readList, type SortKey, sortKeys } from "./settings.ts";
import { sortEvents } from "./sortEvents.ts";
import { useEventColumns } from "./useEventColumns.tsx";

/** Every behaviour with what it adds up to. */
export function BehavioursPage() {
  const { strings } = useWords();
  const texts = strings.behaviours;
  const query = useEventNames();
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <BehaviourTabs scope={{}} />
      {query.data === undefined ? (
        <Card flush>
          {query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <RowsSkeleton rows={6} />
          )}
        </Card>
      ) : query.data.length === 0 ? (
        <FirstEvent />
      ) : (
        <List events={query.data} />
      )}
    </>
  );
}

/** Names are few enough to be searched and sorted here. */
function List({ events }: { events: NonNullable<ReturnType<typeof useEventNames>["data"]> }) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const { search = "", sort = "count", up = false } = useSearch({ from: "/shell/behaviours" });
  const navigate = useNavigate();
  const columns = useEventColumns();
  const change = (changed: ListSettings) =>
    void navigate({
      to: "/behaviours",
      search: (before) => readList({ ...before, ...changed }),
      replace: true,
    });
  const rows = useMemo(() => {
    const wanted = nameKey(search);
    const found = events.filter(({ name }) => nameKey(name).includes(wanted));
    return sortEvents(found, { key: sort, isUp: up }, format.compare);
  }, [events, search, sort, up, format]);
  // Names from A on, numbers and times from the largest on; again the other way round.
  const sortBy = (key: SortKey) =>
    change({ sort: key, up: (key === sort ? !up : key === "name") || undefined });
  return (
    <>
      <div className={styles.tools}>
        <Search initial={search} onSearch={(text) => change({ search: text })} />
        <div className={styles.sort}>
          <Select
            aria-label={texts.sortBy}
            allowDeselect={false}
            data={columns.map(({ key, title }) => ({ value: key, label: `${texts.sortBy}: ${title}` }))}
            value={sort}
            onChange={(chosen) => {
              const key = sortKeys.find((item) => item === chosen);
              if (key !== undefined && key !== sort) sortBy(key);
            }}
          />
          <ActionIcon
            variant="default"
            size={36}
            aria-label={up ? texts.sortUp : texts.sortDown}
            title={up ? texts.sortUp : texts.sortDown}
            onClick={() => sortBy(sort)}
          >
            {up ? <IconArrowUp size={16} /> : <IconArrowDown size={16} />}
          </ActionIcon>
        </div>
      </div>
      <Card flush>
        {rows.length === 0 ? (
          <EmptyState
            icon={<IconSearch size={22} stroke={1.6} />}
            title={texts.noMatch(search)}
            hint={texts.noMatchHint}
          />
        ) : (
          <DataTable
            label={texts.title}
            columns={columns}
            rows={rows}
            rowKey={({ name }) => name}
            sort={{
              key: sort,
              isUp: up,
              onSort: (chosen) => {
                const key = sortKeys.find((item) => item === chosen);
                if (key !== undefined) sortBy(key);
              },
            }}
          />
        )}
      </Card>
      <p className={styles.note}>{texts.valueHint}</p>
    </>
  );
}

function Search({ initial, onSearch }: { initial: string; onSearch(text: string): void }) {
  const { strings } = useWords();
  const texts = strings.behaviours;
  const [text, setText] = useState(initial);
  const search = useDebouncedCallback(onSearch, 150);
  return (
    <TextInput
      type="search"
      attributes={{ input: { dir: "auto" } }}
      aria-label={texts.search}
      placeholder={texts.searchHint}
      leftSection={<IconSearch size={16} />}
      value={text}
      maxLength={128}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value.trim());
      }}
    />
  );
}
