import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SettingsAnswer, SettingsChange } from "../../server/accounts/settings-schema.ts";
import { useApi } from "./context.tsx";
import { sessionQuery } from "./session.ts";

const keys = { settings: ["settings"] as const };

/** What the app keeps to. */
export function useSettings() {
  const api = useApi();
  return useQuery({
    queryKey: keys.settings,
    queryFn: ({ signal }) => api.get<SettingsAnswer>("/settings", undefined, signal),
    staleTime: 30_000,
  });
}

/** Changes what the app keeps to. */
export function useSaveSettings() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SettingsChange) => api.patch<SettingsAnswer>("/settings", change),
    onSuccess: (settings) => {
      queries.setQueryData(keys.settings, settings);
      // It knows the zone that all times are written in.
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      void queries.invalidateQueries({ queryKey: ["campaigns"] });
    },
  });
}
