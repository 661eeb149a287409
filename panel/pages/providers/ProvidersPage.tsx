import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useProviders } from "../../api/providers.ts";
import { Card } from "../../ui/Card.tsx";
import { channelIcons } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { ChannelAccounts } from "./ChannelAccounts.tsx";
import { accountChannels } from "./newProvider.ts";
import styles from "./ProvidersPage.module.css";

/** The accounts by which messages leave: channel by channel, in the order in which they are used. */
export function ProvidersPage() {
  const { strings } = useWords();
  const texts = strings.providers;
  const query = useProviders();
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<AddAccount />} />
      {query.data !== undefined ? (
        <Accounts accounts={query.data.data} />
      ) : (
        <Card flush>
          {query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <RowsSkeleton rows={6} />
          )}
        </Card>
      )}
    </>
  );
}

function Accounts({ accounts }: { accounts: readonly ProviderAccount[] }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const of = (channel: ProviderAccount["channel"]) => accounts.filter((item) => item.channel === channel);
  const others = accountChannels.filter((channel) => of(channel).length === 0);
  return (
    <div className={styles.stack}>
      {accounts.length === 0 && (
        <Card>
          <EmptyState
            icon={<IconPlugConnected size={22} stroke={1.6} />}
            title={texts.empty}
            hint={texts.emptyHint}
            action={<AddAccount />}
          />
        </Card>
      )}
      {accountChannels.map(
        (channel) =>
          !others.includes(channel) && (
            <ChannelAccounts key={channel} channel={channel} accounts={of(channel)} />
          ),
      )}
      {others.length > 0 && (
        <Card title={texts.others} hint={texts.othersHint}>
          <ul className={styles.others}>
            {others.map((channel) => {
              const Icon = channelIcons[channel];
              return (
                <li key={channel}>
                  <Link to="/providers/new" search={{ channel }} className={styles.other}>
                    <Icon size={20} stroke={1.7} aria-hidden />
                    <span className={styles.otherWords}>
                      <strong>{strings.segments.channels[channel]}</strong>
                      <span className="soft">{texts.channelLeads[channel]}</span>
                    </span>
                    <IconPlus size={16} aria-hidden />
                  </Link>
                </li>
              );
            })}
          </ul>
        </Card>
      )}
    </div>
  );
}

function AddAccount() {
  const { strings } = useWords();
  return (
    <Button component={Link} to="/providers/new" leftSection={<IconPlus size={16} />}>
      {strings.providers.add}
    </Button>
  );
}
