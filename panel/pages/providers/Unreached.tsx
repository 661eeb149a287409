import { Alert, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useProviderKinds } from "../../api/providers.ts";
import { useWords } from "../../ui/language.tsx";
import { providerFor, unreached } from "./accountOrder.ts";
import { kindName } from "./kindName.ts";
import styles from "./ProvidersPage.module.css";

/** Which platforms get no push, and the way to mend that. */
export function Unreached({ accounts }: { accounts: readonly ProviderAccount[] }) {
  const { strings, format } = useWords();
  const texts = strings.providers;
  const kinds = useProviderKinds().data ?? [];
  const missing = unreached(accounts);
  if (missing.length === 0) return null;
  const providers = missing
    .map((platform) => providerFor[platform])
    .filter((provider) => kinds.some((kind) => kind.provider === provider));
  const names = missing.map((platform) => strings.push.platforms[platform]);
  return (
    <Alert color="yellow" variant="light" role="status" className={styles.unreached ?? ""}>
      <div className={styles.lack}>
        <p>{texts.unreached(format.list(names, "conjunction"))}</p>
        <div className={styles.cures} hidden={providers.length === 0}>
          {providers.map((provider) => (
            <Button
              key={provider}
              size="xs"
              variant="default"
              renderRoot={(root) => (
                <Link to="/providers/new" search={{ channel: "push", provider }} {...root} />
              )}
            >
              {texts.addTo(kindName(provider, strings))}
            </Button>
          ))}
        </div>
      </div>
    </Alert>
  );
}
