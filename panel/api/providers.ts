import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { Page } from "../../server/lib/page.ts";
import type {
  CheckAnswer,
  DnsAnswer,
  MadeKeys,
  NewProviderAccount,
  ProviderAccount,
  ProviderAccountChange,
  ProviderKind,
  TestAnswer,
  TestRequest,
} from "../../server/providers/schema.ts";
import type { ApiClient } from "./client.ts";
import { useApi } from "./context.tsx";

const keys = {
  lists: ["providers", "list"] as const,
  list: ["providers", "list", "all"] as const,
  kinds: ["providers", "kinds"] as const,
  one: (id: string) => ["providers", "one", id] as const,
  // Not under "providers": an event about the account does not make the answer of its provider stale.
  check: (id: string) => ["providerChecks", id] as const,
  dns: (id: string) => ["providerDns", id] as const,
};

const pathOf = (id: string) => `/providers/${encodeURIComponent(id)}`;

/** More than anybody has; who asks for the first page has them all. */
const most = 200;

/** Numbers of the last minute are of use for about as long. */
const freshMs = 10_000;

/** The accounts of all channels. */
export function useProviders() {
  const api = useApi();
  return useQuery({
    queryKey: keys.list,
    queryFn: ({ signal }) => api.get<Page<ProviderAccount>>("/providers", { limit: most }, signal),
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
    refetchInterval: freshMs,
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
  const queries = useQueryClient();
  const note = useNoteProvider();
  return useMutation({
    mutationFn: (change: ProviderAccountChange) => api.patch<ProviderAccount>(pathOf(id), change),
    onSuccess: (account, change) => {
      note(account);
      if (change.config !== undefined) void queries.invalidateQueries({ queryKey: keys.dns(id) });
    },
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

const checkQuery = (api: ApiClient, id: string) => ({
  queryKey: keys.check(id),
  queryFn: async () => (await api.post<CheckAnswer>(`${pathOf(id)}/check`)).body,
  retry: false,
  staleTime: Number.POSITIVE_INFINITY,
});

/** What the provider answered when it was last asked whether the account works; asks only when told to. */
export function useProviderCheck(id: string) {
  const api = useApi();
  return useQuery({ ...checkQuery(api, id), enabled: false });
}

/** Asks the provider of an account whether it works; nothing is sent to anybody. {@link useProviderCheck} has the answer. */
export function useStartCheck(): (id: string) => void {
  const api = useApi();
  const queries = useQueryClient();
  // What went wrong is told where the answer is shown.
  return (id) => void queries.fetchQuery({ ...checkQuery(api, id), staleTime: 0 }).catch(() => {});
}

/** What has to stand in the DNS for others to believe the account, and what does; asked of the DNS at each call. */
export function useProviderDns(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.dns(id),
    queryFn: async ({ signal }) => (await api.get<DnsAnswer>(`${pathOf(id)}/dns`, undefined, signal)).records,
    retry: false,
    // Records change when somebody changes them, not by the second.
    staleTime: 60_000,
  });
}

/** Makes keys that nobody gives out, for the configuration of an account. Nothing is stored. */
export function useMakeKeys(provider: string) {
  const api = useApi();
  return useMutation({
    mutationFn: async () =>
      (await api.post<MadeKeys>(`/providers/kinds/${encodeURIComponent(provider)}/keys`)).body.config,
  });
}

/** Sends a message to the devices or the address of one user, through this account. */
export function useTestProvider(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: async (request: TestRequest) =>
      (await api.post<TestAnswer>(`${pathOf(id)}/test`, request)).body.results,
  });
}

/** Changes in which order accounts are used. The list shows it at once, and what the server has once all is said. */
export function useOrderProviders() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    scope: { id: "providerOrder" },
    mutationFn: async (changes: readonly Pick<ProviderAccount, "id" | "priority">[]) => {
      for (const { id, priority } of changes) await api.patch<ProviderAccount>(pathOf(id), { priority });
    },
    onMutate: async (changes) => {
      await queries.cancelQueries({ queryKey: keys.lists });
      const priorities = new Map(changes.map(({ id, priority }) => [id, priority]));
      queries.setQueryData<Page<ProviderAccount>>(
        keys.list,
        (page) =>
          page && {
            ...page,
            data: page.data.map((account) => ({
              ...account,
              priority: priorities.get(account.id) ?? account.priority,
            })),
          },
      );
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: ["providers"] }),
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
