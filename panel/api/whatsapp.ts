import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TemplatesAnswer } from "../../server/providers/schema.ts";
import { useApi } from "./context.tsx";

const keys = { templates: ["providers", "templates"] as const };

/** The templates of all accounts of WhatsApp, as they were fetched last; nothing is asked where nobody wants them. */
export function useTemplates(isWanted = true) {
  const api = useApi();
  return useQuery({
    queryKey: keys.templates,
    queryFn: ({ signal }) => api.get<TemplatesAnswer>("/providers/templates", undefined, signal),
    enabled: isWanted,
    placeholderData: keepPreviousData,
  });
}

/** Fetches the templates of an account from its provider now. */
export function useRefreshTemplates(accountId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      (await api.post<TemplatesAnswer>(`/providers/${encodeURIComponent(accountId)}/templates/refresh`)).body,
    onSuccess: (answer) => queries.setQueryData(keys.templates, answer),
  });
}
