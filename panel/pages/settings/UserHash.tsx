import { Switch } from "@mantine/core";
import { useRotateUserHash, useUserHashSecret } from "../../api/publicKeys.ts";
import { useSaveSettings } from "../../api/settings.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./AppsCard.module.css";
import { SecretActions } from "./SecretActions.tsx";

const node = `import { createHmac } from "node:crypto";

const userHash = createHmac("sha256", process.env.CHAPAR_USER_HASH_SECRET)
  .update(userId)
  .digest("hex");`;

const php = `$userHash = hash_hmac("sha256", $userId, getenv("CHAPAR_USER_HASH_SECRET"));`;

/** Whether a log in must be proven, and what the customer's own server proves it with. */
export function UserHash({ isRequired }: { isRequired: boolean }) {
  const { strings } = useWords();
  const texts = strings.settings.apps;
  const save = useSaveSettings();
  const sayProblem = useSayProblem();
  const shown = save.isPending ? (save.variables.requiresUserHash ?? isRequired) : isRequired;
  return (
    <div className={styles.part}>
      <h3 className={styles.title}>{texts.login}</h3>
      <Switch
        label={texts.needsHash}
        description={texts.needsHashHint}
        checked={shown}
        disabled={save.isPending}
        onChange={({ currentTarget }) =>
          save.mutate({ requiresUserHash: currentTarget.checked }, { onError: sayProblem })
        }
      />
      <Secret />
      <p className={styles.label}>{texts.snippet}</p>
      <CodeBlock code={node} label={texts.node} />
      <CodeBlock code={php} label={texts.php} />
    </div>
  );
}

/** Shown when somebody asks for it. */
function Secret() {
  const { strings } = useWords();
  const texts = strings.settings.apps;
  const show = useUserHashSecret();
  const rotate = useRotateUserHash();
  const secret = (rotate.data ?? show.data)?.secret;
  return (
    <>
      {secret !== undefined && (
        <div>
          <p className={styles.label}>{rotate.data === undefined ? texts.secret : texts.rotated}</p>
          <div className={styles.copied} dir="ltr">
            <bdi className="mono">{secret}</bdi>
            <CopyButton text={secret} label={texts.copySecret} />
          </div>
        </div>
      )}
      <p className="faint">{texts.secretHint}</p>
      <SecretActions texts={texts} show={show} rotate={rotate} />
    </>
  );
}
