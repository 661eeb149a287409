import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { Page } from "../../server/lib/page.ts";
import type {
  CheckAnswer,
  NewProviderAccount,
  ProviderAccount,
  ProviderAccountChange,
  ProviderKind,
} from "../../server/providers/schema.ts";
import { useApi } from "./context.tsx";

const keys = {
  lists: ["providers", "list"] as const,
  list: (cursor: string | undefined) => ["providers", "list", { cursor }] as const,
  kinds: ["providers", "kinds"] as const,
  one: (id: string) => ["providers", "one", id] as const,
};

const pathOf = (id: string) => `/providers/${encodeURIComponent(id)}`;

/** More than anybody has; who asks for the first page has them all. */
const most = 200;

/** One page of the accounts of all channels. */
export function useProviders(cursor?: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.list(cursor),
    queryFn: ({ signal }) => api.get<Page<ProviderAccount>>("/providers", { limit: most, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The providers that an account can be made of. */
export function useProviderKinds() {
  const api = useApi();
  return useQuery({
    queryKey: keys.kinds,
    queryFn: async ({ signal }) =>
      (await api.get<{ data: ProviderKind[] }>("/providers/kinds", undefined, signal)).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** One account. */
export function useProvider(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<ProviderAccount>(pathOf(id), undefined, signal),
  });
}

/** Puts the account that was answered where its page looks for it, and has what depends on it read again. */
function useNoteProvider(): (account: ProviderAccount) => void {
  const queries = useQueryClient();
  return (account) => {
    queries.setQueryData(keys.one(account.id), account);
    for (const queryKey of [keys.lists, ["messages"]]) void queries.invalidateQueries({ queryKey });
  };
}

/** Makes an account. */
export function useAddProvider() {
  const api = useApi();
  const note = useNoteProvider();
  return useMutation({
    mutationFn: async (account: z.input<typeof NewProviderAccount>) =>
      (await api.post<ProviderAccount>("/providers", account)).body,
    onSuccess: note,
  });
}

/** Changes an account. A `config` replaces the whole; hidden secrets in it stay as they are. */
export function useEditProvider(id: string) {
  const api = useApi();
  const note = useNoteProvider();
  return useMutation({
    mutationFn: (change: ProviderAccountChange) => api.patch<ProviderAccount>(pathOf(id), change),
    onSuccess: note,
  });
}

/** Lets an account that was paused send again. */
export function useResumeProvider(id: string) {
  const api = useApi();
  const note = useNoteProvider();
  return useMutation({
    mutationFn: async () => (await api.post<ProviderAccount>(`${pathOf(id)}/resume`)).body,
    onSuccess: note,
  });
}

/** Asks the provider whether the account works; nothing is sent to anybody. */
export function useCheckProvider(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: async () => (await api.post<CheckAnswer>(`${pathOf(id)}/check`)).body,
  });
}

/** Deletes an account. */
export function useRemoveProvider(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.remove(pathOf(id)),
    onSuccess: () => {
      queries.removeQueries({ queryKey: keys.one(id) });
      for (const queryKey of [keys.lists, ["messages"]]) void queries.invalidateQueries({ queryKey });
    },
  });
}
