import { Alert, Button, Radio } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useProviders } from "../../api/providers.ts";
import { type ChannelName, channelIcons, channels } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { accountsFor } from "./accountsFor.ts";
import styles from "./CampaignComposer.module.css";

interface ChannelCardsProps {
  channel: ChannelName;
  onChange(channel: ChannelName): void;
}

/** The channels side by side; one without an account that sends says so, and how to get one. */
export function ChannelCards({ channel, onChange }: ChannelCardsProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  const accounts = useProviders().data?.data;
  const lackOf = (name: ChannelName) => (accounts === undefined ? null : lackIn(accounts, name));
  return (
    <>
      <Radio.Group
        label={texts.channel}
        value={channel}
        onChange={(value) => {
          const chosen = channels.find((name) => name === value);
          if (chosen !== undefined) onChange(chosen);
        }}
      >
        <div className={styles.cards}>
          {channels.map((name) => {
            const Icon = channelIcons[name];
            const lack = lackOf(name);
            return (
              <Radio.Card
                key={name}
                value={name}
                className={styles.channel ?? ""}
                aria-label={strings.segments.channels[name]}
              >
                <span className={styles.channelName}>
                  <Icon size={18} stroke={1.7} aria-hidden />
                  <span>{strings.segments.channels[name]}</span>
                  <Radio.Indicator size="xs" />
                </span>
                <span className={styles.channelHint}>{texts.channelHints[name]}</span>
                {lack !== null && (
                  <span className={styles.lacking}>
                    <IconAlertTriangle size={13} aria-hidden />
                    {lack.kind === "none" ? texts.noAccount : texts.accountOff}
                  </span>
                )}
              </Radio.Card>
            );
          })}
        </div>
      </Radio.Group>
      <Lack channel={channel} lack={lackOf(channel)} />
    </>
  );
}

type LackOfAccount = { kind: "none" } | { kind: "off"; account: ProviderAccount };

/** Why nothing would go out by the channel now; null when it would. */
function lackIn(accounts: readonly ProviderAccount[], channel: ChannelName): LackOfAccount | null {
  if (channel === "inbox" || accountsFor(accounts, channel).length > 0) return null;
  const account = accounts.find((item) => item.channel === channel);
  return account === undefined ? { kind: "none" } : { kind: "off", account };
}

function Lack({ channel, lack }: { channel: ChannelName; lack: LackOfAccount | null }) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  if (lack === null || channel === "inbox") return null;
  const name = strings.segments.channels[channel];
  return (
    <Alert color="yellow" variant="light" role="status">
      <div className={styles.warning}>
        <p>{texts.accountHint(name)}</p>
        {lack.kind === "none" ? (
          <Button
            size="xs"
            renderRoot={(props) => <Link to="/providers/new" search={{ channel }} {...props} />}
          >
            {texts.addAccount(name)}
          </Button>
        ) : (
          <Button component={Link} to={`/providers/${lack.account.id}`} size="xs">
            {texts.mendAccount(lack.account.name)}
          </Button>
        )}
      </div>
    </Alert>
  );
}
