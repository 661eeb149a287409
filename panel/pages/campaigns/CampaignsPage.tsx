import { Button } from "@mantine/core";
import { IconCalendar, IconFilterOff, IconPlus, IconSpeakerphone } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import {
  type CampaignFilter,
  listedStatuses,
  readCampaignFilter,
  useCampaigns,
} from "../../api/campaigns.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { EmptyState } from "../../ui/States.tsx";
import styles from "./CampaignsPage.module.css";
import { useCampaignColumns } from "./useCampaignColumns.tsx";

/** Drafts, what is to come, and sends to a part of the users with what each achieved. The address holds what is asked for. */
export function CampaignsPage() {
  const { strings } = useWords();
  const texts = strings.campaigns;
  const filter = useSearch({ from: "/shell/campaigns" });
  const navigate = useNavigate();
  const place = usePagePlace(JSON.stringify(filter));
  const query = useCampaigns(filter, place.cursor);
  const columns = useCampaignColumns(query.data?.data ?? []);
  const narrow = (change: CampaignFilter) =>
    void navigate({
      to: "/campaigns",
      // What is left out of the address is undefined or blank.
      search: (before) => readCampaignFilter({ ...before, ...change }),
      replace: true,
    });
  const isNarrowed = Object.keys(filter).length > 0;
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={texts.lead}
        actions={
          <>
            <Button
              component={Link}
              to="/campaigns/calendar"
              variant="default"
              leftSection={<IconCalendar size={16} />}
            >
              {strings.results.list.calendar}
            </Button>
            <NewCampaign />
          </>
        }
      />
      <div className={styles.tools}>
        <StatusTabs filter={filter} />
        <SearchField
          label={strings.results.list.search}
          initial={filter.search ?? ""}
          onSearch={(search) => narrow({ search })}
        />
      </div>
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={(campaign) => campaign.id}
          empty={isNarrowed ? <NoneFits /> : <NoCampaigns />}
        />
      </Card>
    </>
  );
}

/** The statuses side by side. */
function StatusTabs({ filter }: { filter: CampaignFilter }) {
  const { strings } = useWords();
  const texts = strings.results.list;
  const { search } = filter;
  return (
    <nav className={styles.tabs} aria-label={texts.status}>
      {([undefined, ...listedStatuses] as const).map((status) => (
        <Link
          key={status ?? "all"}
          to="/campaigns"
          search={readCampaignFilter({ search, status })}
          replace
          className={styles.tab}
          aria-current={filter.status === status ? "page" : undefined}
          activeProps={{ "aria-current": filter.status === status ? "page" : undefined }}
        >
          {status === undefined ? texts.all : texts.statuses[status]}
        </Link>
      ))}
    </nav>
  );
}

function NoCampaigns() {
  const { strings } = useWords();
  const texts = strings.campaigns;
  return (
    <EmptyState
      icon={<IconSpeakerphone size={22} stroke={1.6} />}
      title={texts.empty}
      hint={texts.emptyHint}
      action={<NewCampaign />}
    />
  );
}

function NoneFits() {
  const { strings } = useWords();
  const texts = strings.results.list;
  return (
    <EmptyState
      icon={<IconFilterOff size={22} stroke={1.6} />}
      title={texts.none}
      hint={texts.noneHint}
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/campaigns" search={{}} {...props} />}>
          {texts.showAll}
        </Button>
      }
    />
  );
}

function NewCampaign() {
  const { strings } = useWords();
  return (
    <Button component={Link} to="/campaigns/new" leftSection={<IconPlus size={16} />}>
      {strings.campaigns.create}
    </Button>
  );
}
