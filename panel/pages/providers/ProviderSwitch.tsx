import { Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useEditProvider } from "../../api/providers.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./ProviderPage.module.css";

/** Switches an account on and off. */
export function ProviderSwitch({ account, isNamed }: { account: ProviderAccount; isNamed?: boolean }) {
  const { strings } = useWords();
  const texts = strings.providers;
  const edit = useEditProvider(account.id);
  const sayProblem = useSayProblem();
  const { isActive, name } = account;
  return (
    <div className={styles.switch}>
      <Switch
        label={isNamed ? texts.sends : undefined}
        aria-label={isActive ? texts.switchOff(name) : texts.switchOn(name)}
        checked={isActive}
        disabled={edit.isPending}
        onChange={({ currentTarget }) =>
          edit.mutate(
            { isActive: currentTarget.checked },
            {
              onSuccess: (changed) =>
                notifications.show({
                  message: changed.isActive ? texts.switchedOn : texts.switchedOff,
                }),
              onError: sayProblem,
            },
          )
        }
      />
    </div>
  );
}
