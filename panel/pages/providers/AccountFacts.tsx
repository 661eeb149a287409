import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { kindName } from "./kindName.ts";

/** How an account has done lately. */
export function AccountFacts({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const at = (iso: string | null) => (iso === null ? texts.never : <Time iso={iso} ago />);
  return (
    <Card title={texts.facts}>
      <Facts
        facts={[
          { name: texts.channel, value: <ChannelName channel={account.channel} /> },
          { name: texts.form.provider, value: kindName(account.provider, strings) },
          { name: texts.lastSuccess, value: at(account.lastSuccessAt) },
          {
            name: texts.lastFailure,
            value: (
              <>
                {at(account.lastFailureAt)}
                {account.lastFailure !== null && (
                  <p className="along faint" dir="auto">
                    {account.lastFailure}
                  </p>
                )}
              </>
            ),
          },
          { name: texts.createdAt, value: <Time iso={account.createdAt} /> },
          { name: texts.updatedAt, value: <Time iso={account.updatedAt} /> },
          { name: texts.id, value: <bdi className="mono">{account.id}</bdi> },
        ]}
      />
    </Card>
  );
}
