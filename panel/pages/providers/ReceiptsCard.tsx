import type { Strings } from "../../strings/en.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./ProviderPage.module.css";
import { isPhoneProvider } from "./phoneMembers.ts";

/** Of some it has to be said by hand, at a certain place; others are told with every message. */
function hintOf({ providers, sms, whatsapp }: Strings, provider: string): string {
  const webhooks: Record<string, string> = whatsapp.account.webhook;
  if (provider === "kavenegar") return sms.account.receipts.byHand;
  return (
    webhooks[provider] ??
    (isPhoneProvider(provider) ? sms.account.receipts.automatic : providers.receiptsHint)
  );
}

/** Where the provider reports what became of messages. */
export function ReceiptsCard({ url, provider }: { url: string; provider: string }) {
  const { strings } = useWords();
  const texts = strings.providers;
  return (
    <Card title={texts.receipts} hint={hintOf(strings, provider)}>
      <div className={styles.url} dir="ltr">
        <bdi className="mono">{url}</bdi>
        <CopyButton text={url} label={texts.copyReceipts} />
      </div>
    </Card>
  );
}
