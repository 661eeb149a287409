import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Campaign } from "../../server/campaigns/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { usePolling } from "./changes.tsx";
import { useApi } from "./context.tsx";
import { isSending } from "./messages.ts";
import { pageSize } from "./pages.ts";

const keys = {
  list: (cursor: string | undefined) => ["campaigns", "list", { cursor }] as const,
  one: (id: string) => ["campaigns", "one", id] as const,
};

/** One page of campaigns, newest first. */
export function useCampaigns(cursor?: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.list(cursor),
    queryFn: ({ signal }) => api.get<Page<Campaign>>("/campaigns", { limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      polling(query.state.data?.data.some((item) => isSending(item.message.status)) ?? false),
  });
}

/** One campaign with its message. */
export function useCampaign(id: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<Campaign>(`/campaigns/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: (query) =>
      polling(query.state.data !== undefined && isSending(query.state.data.message.status)),
  });
}
