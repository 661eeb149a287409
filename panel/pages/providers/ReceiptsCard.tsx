import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./ProviderPage.module.css";

/** Where the provider reports what became of messages. */
export function ReceiptsCard({ url }: { url: string }) {
  const { strings } = useWords();
  const texts = strings.providers;
  return (
    <Card title={texts.receipts} hint={texts.receiptsHint}>
      <div className={styles.url} dir="ltr">
        <bdi className="mono">{url}</bdi>
        <CopyButton text={url} label={texts.copyReceipts} />
      </div>
    </Card>
  );
}
