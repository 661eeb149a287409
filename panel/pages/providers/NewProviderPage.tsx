import { Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ProviderAccount, ProviderKind } from "../../../server/providers/schema.ts";
import { useAddProvider, useProviderKinds, useProviders, useStartCheck } from "../../api/providers.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { Guide } from "./Guide.tsx";
import { newHttpConfig } from "./httpConfig.ts";
import { kindName } from "./kindName.ts";
import { isFormProvider } from "./memberConfig.ts";
import { ChannelChoice, ProviderChoice } from "./ProviderCards.tsx";
import styles from "./ProviderForm.module.css";
import { ProviderForm } from "./ProviderForm.tsx";

/** Makes an account: for which channel, of which provider, and what that needs. */
export function NewProviderPage() {
  const { strings } = useWords();
  const texts = strings.providers;
  const query = useProviderKinds();
  const accounts = useProviders();
  return (
    <>
      <PageHeader title={texts.newTitle} parent={{ title: texts.title, to: "/providers" }} />
      {query.data !== undefined && !accounts.isPending ? (
        <NewAccount kinds={query.data} accounts={accounts.data?.data ?? []} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <PageSkeleton />
      )}
    </>
  );
}

const mostPriority = 1000;

interface NewAccountProps {
  kinds: readonly ProviderKind[];
  /** Those that are there already. */
  accounts: readonly ProviderAccount[];
}

function NewAccount({ kinds, accounts }: NewAccountProps) {
  const { strings } = useWords();
  const texts = strings.providers;
  const navigate = useNavigate();
  const add = useAddProvider();
  const startCheck = useStartCheck();
  const { channel = "sms", provider: asked } = useSearch({ from: "/shell/providers/new" });
  const fitting = kinds.filter(({ channels }) => channels.includes(channel));
  const kind = fitting.find((item) => item.provider === asked) ?? firstOf(fitting, channel);
  const provider = kind?.provider ?? "";
  // After those that are there already: whoever wants it first says so.
  const last = Math.max(-1, ...accounts.flatMap((item) => (item.channel === channel ? [item.priority] : [])));
  const choose = (search: { channel: typeof channel; provider?: string }) =>
    void navigate({ to: "/providers/new", search, replace: true, resetScroll: false });
  return (
    <div className={styles.stack}>
      <Card>
        <Stack gap="md">
          <ChannelChoice channel={channel} onChange={(next) => choose({ channel: next })} />
          <ProviderChoice
            kinds={fitting}
            channel={channel}
            provider={provider}
            onChange={(next) => choose({ channel, provider: next })}
          />
        </Stack>
      </Card>
      {kind !== undefined && (
        <ProviderForm
          // Another provider needs other things; another channel of the same one does not.
          key={provider}
          channel={channel}
          provider={provider}
          kind={kind}
          initial={{
            name: isFormProvider(provider) ? kindName(provider, strings) : "",
            config: provider === "http" ? newHttpConfig : {},
            ratePerSecond: null,
            price: null,
            concurrency: 64,
            priority: Math.min(last + 1, mostPriority),
          }}
          aside={
            isFormProvider(provider) ? (
              <Card title={strings.push.guide.title}>
                <Guide provider={provider} />
              </Card>
            ) : undefined
          }
          submitLabel={texts.form.addAndCheck}
          isSaving={add.isPending}
          onSubmit={async (values) => {
            const account = await add.mutateAsync({ channel, provider, ...values });
            startCheck(account.id);
            notifications.show({ message: texts.form.added(account.name) });
            void navigate({ to: "/providers/$providerId", params: { providerId: account.id } });
          }}
        />
      )}
    </div>
  );
}

/** What most people want: of push Google's service, which reaches the most devices; of e-mail any mail server; WhatsApp without a contract at Meta. */
const wanted: Record<string, string> = {
  push: "fcm",
  email: "smtp",
  sms: "kavenegar",
  whatsapp: "360dialog",
};

const firstOf = (kinds: readonly ProviderKind[], channel: string): ProviderKind | undefined =>
  kinds.find(({ provider }) => provider === wanted[channel]) ?? kinds[0];
