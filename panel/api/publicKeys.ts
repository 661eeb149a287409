import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  NewPublicKey,
  PublicKey,
  PublicKeyChange,
  UserHashSecret,
} from "../../server/accounts/public-keys-schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { useApi } from "./context.tsx";

const keys = { list: ["publicKeys"] as const };

/** As many as an app can have. */
const most = 100;

const pathOf = (id: string) => `/public-keys/${encodeURIComponent(id)}`;

/** The public keys of the app, the newest first. */
export function usePublicKeys() {
  const api = useApi();
  return useQuery({
    queryKey: keys.list,
    queryFn: async ({ signal }) =>
      (await api.get<Page<PublicKey>>("/public-keys", { limit: most }, signal)).data,
  });
}

/** Makes a key, or changes the one of this id. */
export function useSavePublicKey(id: string | null) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (key: NewPublicKey & PublicKeyChange) =>
      id === null
        ? (await api.post<PublicKey>("/public-keys", key)).body
        : await api.patch<PublicKey>(pathOf(id), key),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.list }),
  });
}

export function useRemovePublicKey() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(pathOf(id)),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.list }),
  });
}

/** The secret of the user hash, asked for by a mutation: it is shown when somebody wants it, and kept nowhere. */
export function useUserHashSecret() {
  const api = useApi();
  return useMutation({ mutationFn: () => api.get<UserHashSecret>("/settings/user-hash") });
}

/** Replaces the secret. */
export function useRotateUserHash() {
  const api = useApi();
  return useMutation({
    mutationFn: async () => (await api.post<UserHashSecret>("/settings/user-hash/rotate")).body,
  });
}
