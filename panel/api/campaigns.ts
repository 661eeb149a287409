import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  CalendarEntry,
  Campaign,
  CampaignChange,
  CampaignQuery,
  CampaignTest,
  ContinueRequest,
  Estimate,
  EstimateRequest,
  NewCampaign,
  Review,
} from "../../server/campaigns/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type { Message } from "../../server/messages/schema.ts";
import { usePolling } from "./changes.tsx";
import { useApi } from "./context.tsx";
import { isSending } from "./messages.ts";
import { pageSize } from "./pages.ts";

const keys = {
  lists: ["campaigns", "list"] as const,
  list: (filter: CampaignFilter, cursor: string | undefined) =>
    ["campaigns", "list", { ...filter, cursor }] as const,
  one: (id: string) => ["campaigns", "one", id] as const,
  runs: (id: string, cursor: string | undefined) => ["campaigns", "runs", id, cursor] as const,
  calendar: (from: string, to: string) => ["campaigns", "calendar", from, to] as const,
};

const pathOf = (id: string) => `/campaigns/${encodeURIComponent(id)}`;

const isMoving = ({ message }: Campaign) => message !== null && isSending(message.status);

/** What the list is narrowed to. */
export type CampaignFilter = Pick<Partial<CampaignQuery>, "status" | "search">;

export const listedStatuses = ["draft", "scheduled", "running", "paused", "finished", "cancelled"] as const;

/** What the address of the list says. */
export function readCampaignFilter(search: Record<string, unknown>): CampaignFilter {
  const status = listedStatuses.find((one) => one === search.status);
  const text =
    typeof search.search === "string" || typeof search.search === "number" ? `${search.search}` : "";
  return { ...(status !== undefined && { status }), ...(text !== "" && { search: text }) };
}

/** One page of campaigns, newest first, drafts among them. */
export function useCampaigns(filter: CampaignFilter = {}, cursor?: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.list(filter, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<Campaign>>("/campaigns", { ...filter, limit: pageSize, cursor }, signal),
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

/** Sends what a draft says to a few users or to the devices for tests, without launching it. */
export function useTestCampaign() {
  const api = useApi();
  return useMutation({
    mutationFn: async ({ id, test }: { id: string; test: z.input<typeof CampaignTest> }) =>
      (await api.post<{ count: number }>(`${pathOf(id)}/test`, test)).body,
  });
}

/** What launching a draft would do, as it is saved; `version` is what was saved. Nothing is asked of none. */
export function useReview(id: string | null, version: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["campaignReviews", id, version],
    queryFn: async ({ signal }) =>
      (await api.post<Review>(`${pathOf(id ?? "")}/review`, undefined, undefined, signal)).body,
    enabled: id !== null && version !== null,
    retry: false,
    staleTime: 10_000,
  });
}

/** What becomes of a campaign that was launched. */
export type CampaignAct = "unschedule" | "pause" | "resume" | "cancel";

/** Changes a campaign on the server; what is answered stands on its page at once. */
function useChange<Input>(change: (input: Input) => { path: string; body?: unknown; key?: string }) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => {
      const { path, body, key } = change(input);
      return (await api.post<Campaign>(path, body, key)).body;
    },
    onSuccess: (campaign) => {
      queries.setQueryData(keys.one(campaign.id), campaign);
      for (const key of ["campaigns", "messages"]) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** Takes a campaign back to a draft, pauses, resumes or cancels it. */
export const useActOnCampaign = (id: string) =>
  useChange((act: CampaignAct) => ({ path: `${pathOf(id)}/${act}` }));

/** Lets the others have it too: a roll-out goes on, or a content is the best. */
export const useContinueCampaign = (id: string, run: string) =>
  useChange((body: z.input<typeof ContinueRequest>) => ({
    path: `${pathOf(id)}/continue?run=${run}`,
    body,
  }));

/** A draft that says the same. */
export const useDuplicateCampaign = () => useChange((id: string) => ({ path: `${pathOf(id)}/duplicate` }));

/** One page of the runs of a campaign, newest first; nothing is asked where there is one at most. */
export function useRuns(id: string, cursor: string | undefined, isWanted: boolean) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.runs(id, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<Message>>(`${pathOf(id)}/runs`, { limit: pageSize, cursor }, signal),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      polling(query.state.data?.data.some(({ status }) => isSending(status)) ?? false),
  });
}

/** Everything that went or is to go between two points in time. */
export function useCalendar(from: string, to: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.calendar(from, to),
    queryFn: async ({ signal }) =>
      (await api.get<{ data: CalendarEntry[] }>("/campaigns/calendar", { from, to }, signal)).data,
    placeholderData: keepPreviousData,
  });
}
