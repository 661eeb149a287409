import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AccessToken, CreatedAccessToken, NewAccessToken } from "../../server/accounts/tokens-schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

const keys = { all: ["tokens"] as const };

/** Access tokens of the app, the newest first. */
export function useTokens(cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: [...keys.all, cursor],
    queryFn: ({ signal }) => api.get<Page<AccessToken>>("/tokens", { limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Makes a token; the answer has its secret, which is told this once. */
export function useCreateToken() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (token: NewAccessToken) => (await api.post<CreatedAccessToken>("/tokens", token)).body,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useRevokeToken() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(`/tokens/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.all }),
  });
}
