import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Installation } from "../../server/installations/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type { User } from "../../server/users/schema.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

const keys = {
  list: (search: string, cursor: string | undefined) => ["users", "list", { search, cursor }] as const,
  one: (userId: string) => ["users", "one", userId] as const,
};

/** A user with their devices, as `GET /api/users/{userId}` answers. */
export type UserWithDevices = User & { installations: Installation[] };

/** One page of users; `search` is the start of an id, or a whole e-mail or phone. */
export function useUsers(search: string, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.list(search, cursor),
    queryFn: ({ signal }) => api.get<Page<User>>("/users", { search, limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** One user and their devices. */
export function useUser(userId: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.one(userId),
    queryFn: ({ signal }) =>
      api.get<UserWithDevices>(`/users/${encodeURIComponent(userId)}`, undefined, signal),
  });
}
