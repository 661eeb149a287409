import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import type { SettingsChange } from "../../../server/accounts/settings-schema.ts";
import { useSaveSettings } from "../../api/settings.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { useUnsaved } from "../../ui/useUnsaved.tsx";

interface Saving {
  /** To be shown by the page: asks whoever would lose something by leaving. */
  dialog: ReactNode;
  isPending: boolean;
  /** Saves, and says what became of it; whether it is saved. */
  save(change: SettingsChange): Promise<boolean>;
}

/**
 * Saves what a page of the settings has. Whoever leaves is asked while something is not saved, yet not
 * while it is on its way: how that ended is told on whatever page they are by then.
 */
export function useSaving(isDirty: boolean): Saving {
  const { strings } = useWords();
  const { mutateAsync, isPending } = useSaveSettings();
  const sayProblem = useSayProblem();
  const { dialog } = useUnsaved(isDirty && !isPending);
  const save = async (change: SettingsChange) => {
    try {
      await mutateAsync(change);
    } catch (error) {
      sayProblem(error);
      return false;
    }
    notifications.show({ message: strings.settings.saved });
    return true;
  };
  return { dialog, isPending, save };
}
