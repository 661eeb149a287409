import { Alert, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useEditProvider, useProvider, useProviderKinds, useResumeProvider } from "../../api/providers.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { AccountBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { AccountFacts } from "./AccountFacts.tsx";
import { CheckProvider } from "./CheckProvider.tsx";
import { kindName } from "./kindName.ts";
import { ProviderForm } from "./ProviderForm.tsx";
import styles from "./ProviderPage.module.css";
import { ProviderSwitch } from "./ProviderSwitch.tsx";
import { ReceiptsCard } from "./ReceiptsCard.tsx";
import { RemoveProvider } from "./RemoveProvider.tsx";

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
  const [isRemoving, removing] = useDisclosure(false);
  const [saves, setSaves] = useState(0);
  return (
    <>
      <PageHeader
        title={account.name}
        lead={`${strings.segments.channels[account.channel]} · ${kindName(account.provider, strings)}`}
        parent={{ title: texts.title, to: "/providers" }}
        badge={<AccountBadge status={account.status} />}
        actions={
          <>
            <ProviderSwitch account={account} isNamed />
            <Resume account={account} />
            <CheckProvider account={account} />
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
          {account.status !== "active" && <Trouble account={account} />}
          <ProviderForm
            // After saving it begins anew with what was answered: secrets are hidden again.
            key={saves}
            channel={account.channel}
            provider={account.provider}
            kind={kinds?.find(({ provider }) => provider === account.provider)}
            initial={account}
            submitLabel={texts.form.save}
            isSaving={edit.isPending}
            onSubmit={async (values) => {
              await edit.mutateAsync(values);
              setSaves(saves + 1);
              notifications.show({ message: texts.form.saved });
            }}
          />
        </div>
        <div className={styles.stack}>
          <AccountFacts account={account} />
          <ReceiptsCard url={account.receiptsUrl} />
        </div>
      </div>
      <RemoveProvider account={account} isOpen={isRemoving} onClose={removing.close} />
    </>
  );
}

/** Why it does not send, and what would mend it. */
function Trouble({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const { status, statusDetail, restsUntil } = account;
  return (
    <Alert
      color={status === "misconfigured" ? "red" : status === "resting" ? "yellow" : "gray"}
      title={texts.statuses[status]}
      role="status"
    >
      <p>{texts.statusHints[status]}</p>
      {restsUntil !== null && (
        <p>
          {texts.until}: <Time iso={restsUntil} />
        </p>
      )}
      {statusDetail !== null && (
        <p className="along faint" dir="auto">
          {statusDetail}
        </p>
      )}
    </Alert>
  );
}

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
