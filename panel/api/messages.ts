import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Delivery, DeliveryState } from "../../server/deliveries/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type { Message, MessageStatus } from "../../server/messages/schema.ts";
import { usePolling } from "./changes.tsx";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";
import type { Filter } from "./segments.ts";

const keys = {
  list: (cursor: string | undefined, limit: number) => ["messages", "list", { cursor, limit }] as const,
  one: (id: string) => ["messages", "one", id] as const,
  deliveries: (id: string, state: DeliveryState | undefined, cursor: string | undefined) =>
    ["messages", "deliveries", id, { state, cursor }] as const,
};

const movingStatuses: readonly MessageStatus[] = ["accepted", "expanding", "running"];

/** Whether the message is still being sent out. */
export function isSending(status: MessageStatus): boolean {
  return movingStatuses.includes(status);
}

/** One page of messages, newest first. */
export function useMessages(cursor?: string, limit = pageSize, isWanted = true) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.list(cursor, limit),
    queryFn: ({ signal }) => api.get<Page<Message>>("/messages", { limit, cursor }, signal),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      polling(query.state.data?.data.some((item) => isSending(item.status)) ?? false),
  });
}

/** One message with its counts. */
export function useMessage(id: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<Message>(`/messages/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: (query) => polling(query.state.data !== undefined && isSending(query.state.data.status)),
  });
}

/** One page of what became of the message at each device. */
export function useDeliveries(id: string, state: DeliveryState | undefined, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.deliveries(id, state, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<Delivery>>(
        `/messages/${encodeURIComponent(id)}/deliveries`,
        { state, limit: pageSize, cursor },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

/** What an accepted send answers. */
export interface AcceptedSend {
  /** Devices in the audience, before opt-outs. */
  count: number;
  /** Id of the message, and of its campaign. */
  messageId: string | null;
}

/** What to send, and whom to. */
type SendRequest = Filter & { content: string; useAsAlert: boolean };

/** Sends to everyone who matches a filter. The same key twice sends once. */
export function useSendByQuery() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: { request: SendRequest; key: string }): Promise<AcceptedSend> => {
      const answer = await api.post<{ count: number }>("/push/byQuery", input.request, input.key);
      return { count: answer.body.count, messageId: answer.pushId };
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["messages"] });
      void queries.invalidateQueries({ queryKey: ["campaigns"] });
    },
  });
}
