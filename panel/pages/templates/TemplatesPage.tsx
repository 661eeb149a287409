import { Button, Select } from "@mantine/core";
import { IconFilterOff, IconPlus, IconTemplate } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { SavedTemplate } from "../../../server/campaigns/templates/schema.ts";
import { usePagePlace } from "../../api/pages.ts";
import { type TemplateFilter, useSavedTemplates } from "../../api/savedTemplates.ts";
import { Card } from "../../ui/Card.tsx";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { channels } from "../../ui/channels.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./Templates.module.css";
import { readTemplateFilter } from "./templateFilter.ts";

/** Contents that are used again. The address holds what is asked for. */
export function TemplatesPage() {
  const { strings } = useWords();
  const texts = strings.templates;
  const filter = useSearch({ from: "/shell/templates" });
  const navigate = useNavigate();
  const place = usePagePlace(JSON.stringify(filter));
  const query = useSavedTemplates(filter, place.cursor);
  const columns = useColumns();
  const narrow = (change: TemplateFilter) =>
    void navigate({
      to: "/templates",
      search: (before) => readTemplateFilter({ ...before, ...change }),
      replace: true,
    });
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<NewTemplate />} />
      <div className={styles.tools}>
        <SearchField
          label={texts.search}
          initial={filter.search ?? ""}
          onSearch={(search) => narrow({ search })}
        />
        <Select
          aria-label={texts.channel}
          placeholder={texts.allChannels}
          clearable
          data={channels.map((value) => ({ value, label: strings.segments.channels[value] }))}
          value={filter.channel ?? null}
          onChange={(value) => narrow({ channel: channels.find((one) => one === value) })}
        />
      </div>
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={({ id }) => id}
          empty={
            <EmptyState
              icon={
                Object.keys(filter).length > 0 ? (
                  <IconFilterOff size={22} stroke={1.6} />
                ) : (
                  <IconTemplate size={22} stroke={1.6} />
                )
              }
              title={Object.keys(filter).length > 0 ? texts.none : texts.empty}
              hint={Object.keys(filter).length > 0 ? texts.noneHint : texts.emptyHint}
              action={<NewTemplate />}
            />
          }
        />
      </Card>
    </>
  );
}

function NewTemplate() {
  const { strings } = useWords();
  return (
    <Button component={Link} to="/templates/new" leftSection={<IconPlus size={16} />}>
      {strings.templates.create}
    </Button>
  );
}

function useColumns(): Column<SavedTemplate>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.templates;
    return [
      {
        key: "name",
        title: texts.name,
        render: ({ id, name, content }) => (
          <>
            <Link
              to="/templates/$templateId"
              params={{ templateId: id }}
              className={`${rowLink} clamp-2`}
              dir="auto"
            >
              {name}
            </Link>
            <span className="faint clamp-1" dir="auto">
              {content.subject ?? content.content}
            </span>
          </>
        ),
      },
      {
        key: "channel",
        title: texts.channel,
        width: "8rem",
        render: ({ channel }) => <ChannelName channel={channel} />,
      },
      {
        key: "version",
        title: texts.version,
        width: "5.5rem",
        isNumber: true,
        render: ({ version }) => format.number(version),
      },
      {
        key: "changed",
        title: texts.changed,
        width: "9rem",
        render: ({ updatedAt }) => <Time iso={updatedAt} ago />,
      },
    ];
  }, [strings, format]);
}
