import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useOrderProviders } from "../../api/providers.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { AccountRow } from "./AccountRow.tsx";
import { moved, turnsOf } from "./accountOrder.ts";
import type { AccountChannel } from "./newProvider.ts";
import styles from "./ProvidersPage.module.css";
import { Unreached } from "./Unreached.tsx";

/** The accounts of one channel in the order in which they are used; the order can be changed. */
export function ChannelAccounts(props: { channel: AccountChannel; accounts: readonly ProviderAccount[] }) {
  const { channel, accounts } = props;
  const { strings } = useWords();
  const texts = strings.providers;
  const order = useOrderProviders();
  const sayProblem = useSayProblem();
  const turns = turnsOf(accounts);
  const name = strings.segments.channels[channel];
  return (
    <Card
      title={name}
      hint={accounts.length > 1 ? (channel === "push" ? texts.orderHintPush : texts.orderHint) : undefined}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          aria-label={texts.addFor(name)}
          renderRoot={(root) => <Link to="/providers/new" search={{ channel }} {...root} />}
        >
          {texts.add}
        </Button>
      }
      flush
    >
      {channel === "push" && <Unreached accounts={accounts} />}
      <ol className={styles.accounts} aria-label={texts.accountsOf(name)}>
        {turns.map((turn, index) => (
          <AccountRow
            key={turn.account.id}
            turn={turn}
            place={index}
            count={turns.length}
            onMove={(by) => order.mutate(moved(accounts, turn.account.id, by), { onError: sayProblem })}
          />
        ))}
      </ol>
    </Card>
  );
}
