import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Role } from "../../server/accounts/roles.ts";
import type { CreatedInvitation, NewInvitation, Team } from "../../server/team/schema.ts";
import { useApi } from "./context.tsx";

const keys = { team: ["team"] as const };

/** The team of the app, and who was asked in. */
export function useTeam() {
  const api = useApi();
  return useQuery({
    queryKey: keys.team,
    queryFn: ({ signal }) => api.get<Team>("/team", undefined, signal),
  });
}

/** Asks somebody in; the answer has the link, which is told this once. */
export function useInvite() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (invitation: NewInvitation) =>
      (await api.post<CreatedInvitation>("/team/invitations", invitation)).body,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.team }),
  });
}

/** Makes the link of an invitation worthless. */
export function useTakeBackInvitation() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(`/team/invitations/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.team }),
  });
}

/** Gives somebody another role; null takes them out of the team. */
export function useChangeMember() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, role }: { id: string; role: Role | null }) => {
      const path = `/team/${encodeURIComponent(id)}`;
      await (role === null ? api.remove(path) : api.patch<Team>(path, { role }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keys.team }),
  });
}
