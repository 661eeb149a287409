import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import {
  useEditProvider,
  useProvider,
  useProviderKinds,
  useResumeProvider,
  useStartCheck,
} from "../../api/providers.ts";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { AccountBadge } from "../../ui/StatusBadge.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { AccountFacts } from "./AccountFacts.tsx";
import { CheckAlert, CheckButton } from "./CheckCard.tsx";
import { DnsCard } from "./DnsCard.tsx";
import { Guide } from "./Guide.tsx";
import { HealthCard } from "./HealthCard.tsx";
import { kindName } from "./kindName.ts";
import { isFormProvider } from "./memberConfig.ts";
import { ProviderForm } from "./ProviderForm.tsx";
import styles from "./ProviderPage.module.css";
import { ProviderSwitch } from "./ProviderSwitch.tsx";
import { isPhoneProvider } from "./phoneMembers.ts";
import { ReceiptsCard } from "./ReceiptsCard.tsx";
import { RemoveProvider } from "./RemoveProvider.tsx";
import { TemplatesCard } from "./TemplatesCard.tsx";
import { TestProvider } from "./TestProvider.tsx";

/** One account: whether it sends, what it is set to, and where its receipts go. */
export function ProviderPage() {
  const { providerId } = useParams({ from: "/shell/providers/$providerId" });
  const query = useProvider(providerId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  return <Account key={providerId} account={query.data} />;
}

function Account({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const kinds = useProviderKinds().data;
  const edit = useEditProvider(account.id);
  const startCheck = useStartCheck();
  const [isRemoving, removing] = useDisclosure(false);
  const [saves, setSaves] = useState(0);
  const { provider } = account;
  const kind = kinds?.find((item) => item.provider === provider);
  return (
    <>
      <PageHeader
        title={account.name}
        lead={`${strings.segments.channels[account.channel]} · ${kindName(provider, strings)}`}
        parent={{ title: texts.title, to: "/providers" }}
        badge={<AccountBadge status={account.status} />}
        actions={
          <>
            <ProviderSwitch account={account} isNamed />
            <Resume account={account} />
            <CheckButton account={account} />
            <TestProvider account={account} />
            <Button
              variant="default"
              c="var(--bad)"
              leftSection={<IconTrash size={16} />}
              onClick={removing.open}
            >
              {texts.remove}
            </Button>
          </>
        }
      />
      <div className={styles.columns}>
        <div className={styles.stack}>
          <CheckAlert account={account} />
          <HealthCard account={account} />
          {kind?.hasDns && <DnsCard account={account} />}
          {kind?.hasTemplates && <TemplatesCard accountId={account.id} />}
          <ProviderForm
            // After saving it begins anew with what was answered: secrets are hidden again.
            key={saves}
            channel={account.channel}
            provider={provider}
            kind={kind}
            initial={account}
            help={
              isFormProvider(provider) && (
                <Folded title={strings.push.guide.title}>
                  <Guide provider={provider} />
                </Folded>
              )
            }
            submitLabel={texts.form.save}
            isSaving={edit.isPending}
            onSubmit={async (values) => {
              await edit.mutateAsync(values);
              setSaves(saves + 1);
              notifications.show({ message: texts.form.saved });
              startCheck(account.id);
            }}
          />
        </div>
        <div className={styles.stack}>
          <AccountFacts account={account} />
          {/* The services of push report nothing: apps and browsers themselves do; and e-mails come back as e-mails. */}
          {reportsTo(provider) && <ReceiptsCard url={account.receiptsUrl} provider={provider} />}
        </div>
      </div>
      <RemoveProvider account={account} isOpen={isRemoving} onClose={removing.close} />
    </>
  );
}

const reportsTo = (provider: string) => !isFormProvider(provider) || isPhoneProvider(provider);

function Resume({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const resume = useResumeProvider(account.id);
  const sayProblem = useSayProblem();
  if (account.status !== "misconfigured" && account.status !== "resting") return null;
  return (
    <Button
      leftSection={<IconPlayerPlay size={16} />}
      loading={resume.isPending}
      onClick={() =>
        resume.mutate(undefined, {
          onSuccess: () => notifications.show({ message: strings.providers.resumed }),
          onError: sayProblem,
        })
      }
    >
      {strings.providers.resume}
    </Button>
  );
}
