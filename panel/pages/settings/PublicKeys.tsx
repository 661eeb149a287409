import { ActionIcon, Button, Skeleton, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { PublicKey } from "../../../server/accounts/public-keys-schema.ts";
import { usePublicKeys, useRemovePublicKey } from "../../api/publicKeys.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./AppsCard.module.css";
import { Confirm } from "./Confirm.tsx";
import { PublicKeyEditor } from "./PublicKeyEditor.tsx";

/** The public keys of the app: which pages may use each, and new ones. */
export function PublicKeys() {
  const { strings } = useWords();
  const texts = strings.settings.apps;
  const query = usePublicKeys();
  const [edited, setEdited] = useState<PublicKey | "new" | null>(null);
  const [removed, setRemoved] = useState<PublicKey | null>(null);
  if (query.data === undefined)
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={64} role="status" aria-label={strings.common.loading} />
    );
  return (
    <div className={styles.part}>
      {query.data.length === 0 ? (
        <p className="faint">{texts.none}</p>
      ) : (
        <ul className={styles.keys}>
          {query.data.map((key) => (
            <KeyRow
              key={key.id}
              publicKey={key}
              onEdit={() => setEdited(key)}
              onRemove={() => setRemoved(key)}
            />
          ))}
        </ul>
      )}
      <Button
        variant="default"
        className={styles.action}
        leftSection={<IconPlus size={16} />}
        onClick={() => setEdited("new")}
      >
        {texts.add}
      </Button>
      {edited !== null && (
        <PublicKeyEditor publicKey={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed !== null && <RemoveKey publicKey={removed} onClose={() => setRemoved(null)} />}
    </div>
  );
}

interface KeyRowProps {
  publicKey: PublicKey;
  onEdit(): void;
  onRemove(): void;
}

function KeyRow({ publicKey: { name, key, origins }, onEdit, onRemove }: KeyRowProps) {
  const { strings } = useWords();
  const texts = strings.settings.apps;
  return (
    <li className={styles.key}>
      <div className={styles.head}>
        <strong dir="auto" className={styles.name}>
          {name}
        </strong>
        <span className={styles.actions}>
          <Tooltip label={texts.edit(name)}>
            <ActionIcon variant="subtle" color="gray" aria-label={texts.edit(name)} onClick={onEdit}>
              <IconPencil size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={texts.remove(name)}>
            <ActionIcon variant="subtle" color="red" aria-label={texts.remove(name)} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </span>
      </div>
      <div className={styles.copied} dir="ltr">
        <bdi className="mono">{key}</bdi>
        <CopyButton text={key} label={texts.copyKey(name)} />
      </div>
      <p className="faint">
        {origins.length === 0 ? (
          texts.noOrigins
        ) : origins.includes("*") ? (
          texts.anyOrigin
        ) : (
          <bdi dir="ltr" className={styles.origins}>
            {origins.join(", ")}
          </bdi>
        )}
      </p>
    </li>
  );
}

function RemoveKey({ publicKey: { id, name }, onClose }: { publicKey: PublicKey; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.settings.apps;
  const remove = useRemovePublicKey();
  const sayProblem = useSayProblem();
  return (
    <Confirm
      title={texts.removeTitle(name)}
      text={texts.removeText}
      action={texts.removeConfirm}
      isPending={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(id, {
          onSuccess: () => {
            notifications.show({ message: texts.removed(name) });
            onClose();
          },
          onError: sayProblem,
        })
      }
    />
  );
}
