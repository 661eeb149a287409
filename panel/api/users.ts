import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Behaviour } from "../../server/events/schema.ts";
import type {
  AddUserRequest,
  EditedUser,
  EditUserRequest,
  ListedUser,
  UserWithInstallations,
} from "../../server/installations/user-schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type { Erased, TimelineItem, TimelineQuery } from "../../server/profiles/schema.ts";
import type { Attribute } from "../../server/users/schema.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

const keys = {
  list: (filter: UserFilter, cursor: string | undefined) => ["users", "list", filter, cursor] as const,
  one: (userId: string) => ["users", "one", userId] as const,
  behaviours: (userId: string) => ["users", "behaviours", userId] as const,
  segments: (userId: string) => ["users", "segments", userId] as const,
  // Not under "users": a running import says nothing of it, and all of its pages would be read again.
  timeline: (userId: string, kind?: TimelineKind) => ["timeline", userId, ...(kind ? [kind] : [])] as const,
  tags: ["users", "tags"] as const,
  attributes: ["users", "attributes"] as const,
};

const pathOf = (userId: string) => `/users/${encodeURIComponent(userId)}`;

/** Which users to list; all of what is given must hold. */
export interface UserFilter {
  /** Name, phone, e-mail or user id. */
  search?: string | undefined;
  /** Id or name. */
  segment?: string | undefined;
  /** Id of an import that brought them. */
  import?: string | undefined;
  tag?: string | undefined;
}

/** What a timeline is narrowed to; `all` is everything. */
export type TimelineKind = "all" | NonNullable<TimelineQuery["kind"]>;

/** The filter in an address. The router reads a number where somebody searches for digits. */
export function readFilter(search: Record<string, unknown>): UserFilter {
  const filter: UserFilter = {};
  for (const name of ["search", "segment", "import", "tag"] as const) {
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
    queryFn: ({ signal }) =>
      api.get<Page<ListedUser>>("/users", { ...filter, limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** One user and their devices. */
export function useUser(userId: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.one(userId),
    queryFn: ({ signal }) => api.get<UserWithInstallations>(pathOf(userId), undefined, signal),
  });
}

/** Makes a user. What was answered stands in the page of the user at once. */
export function useAddUser() {
  const api = useApi();
  const note = useNoteUser();
  return useMutation({
    mutationFn: async (request: AddUserRequest) => (await api.post<EditedUser>("/users", request)).body,
    onSuccess: note,
  });
}

/** Changes a user. Answers with the attributes that were refused. */
export function useEditUser(userId: string) {
  const api = useApi();
  const note = useNoteUser();
  return useMutation({
    mutationFn: (request: EditUserRequest) => api.patch<EditedUser>(pathOf(userId), request),
    onSuccess: note,
  });
}

function useNoteUser() {
  const queries = useQueryClient();
  return ({ refused: _, ...user }: EditedUser) => {
    queries.setQueryData(keys.one(user.userId), user);
    for (const key of [["users", "list"], keys.tags, keys.attributes]) {
      void queries.invalidateQueries({ queryKey: key });
    }
  };
}

/** Every tag that somebody has. */
export function useTags(isWanted = true) {
  const api = useApi();
  return useQuery({
    queryKey: keys.tags,
    queryFn: ({ signal }) => api.get<string[]>("/installations/tags", undefined, signal),
    enabled: isWanted,
    staleTime: 30_000,
  });
}

/** Every attribute of the app with its type. */
export function useAttributes() {
  const api = useApi();
  return useQuery({
    queryKey: keys.attributes,
    queryFn: async ({ signal }) => (await api.get<Page<Attribute>>("/attributes", undefined, signal)).data,
    staleTime: 30_000,
  });
}

/** What a user has done, the latest first. */
export function useBehaviours(userId: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.behaviours(userId),
    queryFn: async ({ signal }) =>
      (await api.get<Page<Behaviour>>(`${pathOf(userId)}/behaviours`, undefined, signal)).data,
  });
}

/** The segments a user is in, by name. */
export function useSegmentsOfUser(userId: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.segments(userId),
    queryFn: async ({ signal }) =>
      (await api.get<Page<{ id: string; name: string }>>(`${pathOf(userId)}/segments`, undefined, signal))
        .data,
  });
}

/** What a user did and was sent, the latest first, as far back as was asked for. */
export function useTimeline(userId: string, kind: TimelineKind) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: keys.timeline(userId, kind),
    queryFn: ({ pageParam: cursor, signal }) =>
      api.get<Page<TimelineItem>>(
        `${pathOf(userId)}/timeline`,
        { kind: kind === "all" ? undefined : kind, limit: pageSize, cursor },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Deletes a user for good, and forgets what was read of them. */
export function useEraseUser(userId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.remove<Erased>(pathOf(userId)),
    onSuccess: () => {
      for (const queryKey of [
        keys.one(userId),
        keys.behaviours(userId),
        keys.segments(userId),
        keys.timeline(userId),
      ]) {
        queries.removeQueries({ queryKey });
      }
      for (const queryKey of [
        ["users", "list"],
        keys.tags,
        keys.attributes,
        ["imports"],
        ["messages"],
        ["namedSegments"],
      ]) {
        void queries.invalidateQueries({ queryKey });
      }
    },
  });
}
