import type { ReactNode } from "react";
import type { SettingsAnswer } from "../../../server/accounts/settings-schema.ts";
import { useSettings } from "../../api/settings.ts";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";

/** What is shown of the settings once they are there. */
export function LoadedSettings({ children }: { children(settings: SettingsAnswer): ReactNode }) {
  const { data, isError, error, refetch } = useSettings();
  if (data !== undefined) return children(data);
  return isError ? <ErrorState error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
}
