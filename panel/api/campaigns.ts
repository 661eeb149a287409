import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  Campaign,
  CampaignChange,
  Estimate,
  EstimateRequest,
  NewCampaign,
} from "../../server/campaigns/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { usePolling } from "./changes.tsx";
import { useApi } from "./context.tsx";
import { isSending } from "./messages.ts";
import { pageSize } from "./pages.ts";

const keys = {
  lists: ["campaigns", "list"] as const,
  list: (cursor: string | undefined) => ["campaigns", "list", { cursor }] as const,
  one: (id: string) => ["campaigns", "one", id] as const,
};

const pathOf = (id: string) => `/campaigns/${encodeURIComponent(id)}`;

const isMoving = ({ message }: Campaign) => message !== null && isSending(message.status);

/** One page of campaigns, newest first, drafts among them. */
export function useCampaigns(cursor?: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.list(cursor),
    queryFn: ({ signal }) => api.get<Page<Campaign>>("/campaigns", { limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => polling(query.state.data?.data.some(isMoving) ?? false),
  });
}

/** One campaign with its message. */
export function useCampaign(id: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<Campaign>(pathOf(id), undefined, signal),
    refetchInterval: (query) => polling(query.state.data !== undefined && isMoving(query.state.data)),
  });
}

export type EstimateAsked = z.input<typeof EstimateRequest>;

/** How many SMS a text comes to for an audience; nothing is asked where there is nothing to be sent. */
export function useEstimate(request: EstimateAsked | null) {
  const api = useApi();
  const query = useQuery({
    queryKey: ["campaigns", "estimate", request],
    queryFn: async ({ signal }) =>
      (await api.post<Estimate>("/campaigns/estimate", request, undefined, signal)).body,
    enabled: request !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 30_000,
  });
  // A broken text or filter is told where it stands.
  const isKnown = request !== null && !query.isError;
  return {
    data: isKnown ? query.data : undefined,
    isCounting: query.isFetching,
    isOld: query.isPlaceholderData,
  };
}

/** A draft as it is sent to the server. */
export type CampaignDraft = z.input<typeof NewCampaign>;

/** Saves a draft: a new one without an id, else what changed of it. */
export function useSaveCampaign() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    // One after another: an answer that comes late must not undo what was typed since.
    scope: { id: "campaign" },
    mutationFn: async ({ id, draft }: { id: string | null; draft: CampaignDraft }): Promise<Campaign> => {
      if (id === null) return (await api.post<Campaign>("/campaigns", draft)).body;
      const change: z.input<typeof CampaignChange> = draft;
      return await api.patch<Campaign>(pathOf(id), change);
    },
    onSuccess: (campaign) => {
      queries.setQueryData(keys.one(campaign.id), campaign);
      void queries.invalidateQueries({ queryKey: keys.lists });
    },
  });
}

/** Deletes a draft. */
export function useRemoveCampaign() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(pathOf(id)),
    onSuccess: (_, id) => {
      queries.removeQueries({ queryKey: keys.one(id) });
      void queries.invalidateQueries({ queryKey: keys.lists });
    },
  });
}

/** Sends a draft to its audience. Once: a second launch of the same draft is refused. */
export function useLaunchCampaign() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, key }: { id: string; key: string }) =>
      (await api.post<Campaign>(`${pathOf(id)}/launch`, undefined, key)).body,
    onSuccess: (campaign) => {
      queries.setQueryData(keys.one(campaign.id), campaign);
      for (const key of [keys.lists, ["messages"]]) void queries.invalidateQueries({ queryKey: key });
    },
  });
}

/** Sends what a draft says to a few users, without launching it. */
export function useTestCampaign() {
  const api = useApi();
  return useMutation({
    mutationFn: async ({ id, users }: { id: string; users: string[] }) =>
      (await api.post<{ count: number }>(`${pathOf(id)}/test`, { users })).body,
  });
}
