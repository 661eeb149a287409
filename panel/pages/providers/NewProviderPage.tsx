import { Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { ProviderKind } from "../../../server/providers/schema.ts";
import { useAddProvider, useProviderKinds } from "../../api/providers.ts";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { newHttpConfig } from "./httpConfig.ts";
import { kindName } from "./kindName.ts";
import { type AccountChannel, accountChannels } from "./newProvider.ts";
import { ProviderForm } from "./ProviderForm.tsx";

/** Makes an account: for which channel, of which provider, and what that needs. */
export function NewProviderPage() {
  const { strings } = useWords();
  const texts = strings.providers;
  const query = useProviderKinds();
  return (
    <>
      <PageHeader title={texts.newTitle} parent={{ title: texts.title, to: "/providers" }} />
      {query.data !== undefined ? (
        <NewAccount kinds={query.data} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <PageSkeleton />
      )}
    </>
  );
}

function NewAccount({ kinds }: { kinds: readonly ProviderKind[] }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const navigate = useNavigate();
  const add = useAddProvider();
  const asked = useSearch({ from: "/shell/providers/new" }).channel;
  const [channel, setChannel] = useState<AccountChannel>(asked ?? "sms");
  const [chosen, setChosen] = useState<string | null>(null);
  const fitting = kinds.filter(({ channels }) => channels.includes(channel));
  const kind = fitting.find(({ provider }) => provider === chosen) ?? fitting[0];
  const provider = kind?.provider ?? "";
  const hints: Record<string, string> = texts.kindHints;
  return (
    <ProviderForm
      // Another provider needs other things; another channel of the same one does not.
      key={provider}
      channel={channel}
      provider={provider}
      kind={kind}
      initial={{
        name: "",
        config: provider === "http" ? newHttpConfig : {},
        ratePerSecond: null,
        concurrency: 64,
        priority: 0,
      }}
      submitLabel={texts.form.addAndCheck}
      isSaving={add.isPending}
      onSubmit={async (values) => {
        const account = await add.mutateAsync({ channel, provider, ...values });
        notifications.show({ message: texts.form.added(account.name) });
        void navigate({ to: "/providers/$providerId", params: { providerId: account.id } });
      }}
    >
      <Choice<AccountChannel>
        label={texts.form.channel}
        data={accountChannels.map((value) => ({ value, label: strings.segments.channels[value] }))}
        value={channel}
        onChange={setChannel}
      />
      <Select
        label={texts.form.provider}
        description={hints[provider]}
        data={fitting.map((item) => ({ value: item.provider, label: kindName(item.provider, strings) }))}
        value={provider || null}
        allowDeselect={false}
        onChange={setChosen}
        error={kind === undefined ? texts.form.noProvider : undefined}
      />
    </ProviderForm>
  );
}
