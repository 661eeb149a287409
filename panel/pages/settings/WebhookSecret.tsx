import { useRotateWebhook, useWebhookSecret } from "../../api/webhooks.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import appStyles from "./AppsCard.module.css";
import { SecretActions } from "./SecretActions.tsx";

/** A secret, to be taken along. */
export function Secret({ secret, label }: { secret: string; label: string }) {
  const { strings } = useWords();
  return (
    <div>
      <p className={appStyles.label}>{label}</p>
      <div className={appStyles.copied} dir="ltr">
        <bdi className="mono">{secret}</bdi>
        <CopyButton text={secret} label={strings.webhooks.copySecret} />
      </div>
    </div>
  );
}

/** What requests are signed with: shown when somebody asks for it, and replaced. */
export function SecretCard({ webhookId }: { webhookId: string }) {
  const { strings } = useWords();
  const texts = strings.webhooks;
  const show = useWebhookSecret(webhookId);
  const rotate = useRotateWebhook(webhookId);
  const secret = (rotate.data ?? show.data)?.secret;
  return (
    <Card title={texts.secret} hint={texts.secretHint}>
      <div className={appStyles.part}>
        {secret !== undefined && (
          <Secret secret={secret} label={rotate.data === undefined ? texts.secret : texts.rotated} />
        )}
        <SecretActions texts={texts} show={show} rotate={rotate} />
      </div>
    </Card>
  );
}
