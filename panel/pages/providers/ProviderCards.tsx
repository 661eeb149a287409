import { Radio } from "@mantine/core";
import type { ReactNode } from "react";
import type { ProviderKind } from "../../../server/providers/schema.ts";
import { channelIcons } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { kindName } from "./kindName.ts";
import { type AccountChannel, accountChannels } from "./newProvider.ts";
import { PlatformBadges } from "./PlatformBadges.tsx";
import styles from "./ProviderCards.module.css";
import { ProviderMark } from "./ProviderMark.tsx";

/** The channels that leave by an account, side by side. */
export function ChannelChoice(props: { channel: AccountChannel; onChange(channel: AccountChannel): void }) {
  const { strings } = useWords();
  return (
    <Cards
      label={strings.providers.form.channel}
      value={props.channel}
      onChange={(value) => {
        const channel = accountChannels.find((item) => item === value);
        if (channel !== undefined) props.onChange(channel);
      }}
      cards={accountChannels.map((value) => {
        const Icon = channelIcons[value];
        return {
          value,
          name: strings.segments.channels[value],
          hint: strings.campaigns.fields.channelHints[value],
          mark: <Icon size={20} stroke={1.7} aria-hidden />,
        };
      })}
    />
  );
}

interface ProviderChoiceProps {
  kinds: readonly ProviderKind[];
  channel: AccountChannel;
  provider: string;
  onChange(provider: string): void;
}

/** The providers that carry a channel, each with what it reaches. */
export function ProviderChoice({ kinds, channel, provider, onChange }: ProviderChoiceProps) {
  const { strings } = useWords();
  const texts = strings.providers;
  const hints: Record<string, string> = texts.kindHints;
  if (kinds.length === 0) return <p className="faint">{texts.form.noProvider}</p>;
  return (
    <Cards
      label={texts.form.provider}
      value={provider}
      onChange={onChange}
      cards={kinds.map((kind) => ({
        value: kind.provider,
        name: kindName(kind.provider, strings),
        hint: hints[kind.provider] ?? "",
        mark: <ProviderMark provider={kind.provider} />,
        below: channel === "push" ? <PlatformBadges services={kind.tokenServices} /> : null,
      }))}
    />
  );
}

interface CardsProps {
  label: string;
  value: string;
  onChange(value: string): void;
  cards: readonly { value: string; name: string; hint: string; mark: ReactNode; below?: ReactNode }[];
}

function Cards({ label, value, onChange, cards }: CardsProps) {
  return (
    <Radio.Group label={label} value={value} onChange={onChange}>
      <div className={styles.cards}>
        {cards.map((card) => (
          <Radio.Card
            key={card.value}
            value={card.value}
            className={styles.card ?? ""}
            aria-label={card.name}
          >
            <span className={styles.head}>
              {card.mark}
              <span className={styles.name}>{card.name}</span>
              <Radio.Indicator size="xs" />
            </span>
            <span className={styles.hint}>{card.hint}</span>
            {card.below}
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
