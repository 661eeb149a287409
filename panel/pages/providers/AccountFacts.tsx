import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { kindName } from "./kindName.ts";
import { PlatformBadges } from "./PlatformBadges.tsx";

/** What an account is, and what it is set to. */
export function AccountFacts({ account }: { account: ProviderAccount }) {
  const { strings, format } = useWords();
  const texts = strings.providers;
  const { channel, provider, tokenServices, ratePerSecond, priority } = account;
  const facts = [
    { name: texts.channel, value: <ChannelName channel={channel} /> },
    { name: texts.form.provider, value: kindName(provider, strings) },
    channel === "push" && { name: texts.devices, value: <PlatformBadges services={tokenServices} /> },
    {
      name: texts.rate,
      value: ratePerSecond === null ? texts.noLimit : texts.perSecond(format.decimal(ratePerSecond)),
    },
    { name: texts.form.priority, value: format.number(priority) },
    { name: texts.createdAt, value: <Time iso={account.createdAt} /> },
    { name: texts.updatedAt, value: <Time iso={account.updatedAt} /> },
    { name: texts.id, value: <bdi className="mono">{account.id}</bdi> },
  ];
  return (
    <Card title={texts.facts}>
      <Facts facts={facts.filter((fact) => fact !== false)} />
    </Card>
  );
}
