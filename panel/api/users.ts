import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Installation } from "../../server/installations/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type { User } from "../../server/users/schema.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

const keys = {
  list: (filter: UserFilter, cursor: string | undefined) => ["users", "list", filter, cursor] as const,
  one: (userId: string) => ["users", "one", userId] as const,
};

/** A user with their devices, as `GET /api/users/{userId}` answers. */
export type UserWithDevices = User & { installations: Installation[] };

/** Which users to list; all of what is given must hold. */
export interface UserFilter {
  /** Start of an id, or a whole e-mail or phone. */
  search?: string | undefined;
  /** Id or name. */
  segment?: string | undefined;
  /** Id of an import that brought them. */
  import?: string | undefined;
}

/** The filter in an address. The router reads a number where somebody searches for digits. */
export function readFilter(search: Record<string, unknown>): UserFilter {
  const filter: UserFilter = {};
  for (const name of ["search", "segment", "import"] as const) {
    const value = search[name];
    if ((typeof value === "string" && value !== "") || typeof value === "number")
      filter[name] = String(value);
  }
  return filter;
}

/** One page of users. */
export function useUsers(filter: UserFilter, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.list(filter, cursor),
    queryFn: ({ signal }) => api.get<Page<User>>("/users", { ...filter, limit: pageSize, cursor }, signal),
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
