import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { Delivery, DeliveryReason, Engagement, LogState } from "../../server/deliveries/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type {
  Message,
  MessageReport,
  MessageStatus,
  RetryAnswer,
  RetryRequest,
} from "../../server/messages/schema.ts";
import { usePolling } from "./changes.tsx";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";
import type { Filter } from "./segments.ts";

const keys = {
  list: (cursor: string | undefined, limit: number) => ["messages", "list", { cursor, limit }] as const,
  one: (id: string) => ["messages", "one", id] as const,
  engagement: (id: string) => ["messages", "engagement", id] as const,
  look: (id: string) => ["messageLooks", id] as const,
  deliveries: (id: string, filter: LogFilter, cursor: string | undefined) =>
    ["messages", "deliveries", id, filter, cursor] as const,
};

const pathOf = (id: string) => `/messages/${encodeURIComponent(id)}`;

/** What the log of a message is narrowed to; all of what is given must hold. */
export interface LogFilter {
  state?: LogState | undefined;
  reason?: DeliveryReason | undefined;
  /** User id, phone or e-mail address. */
  user?: string | undefined;
}

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

/** One message with all that can be said of how it goes. */
export function useMessageReport(id: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<MessageReport>(pathOf(id), undefined, signal),
    refetchInterval: (query) => polling(query.state.data !== undefined && isSending(query.state.data.status)),
  });
}

const hasButtons = (notification: object | null | undefined): boolean =>
  Array.isArray((notification as { actions?: unknown } | null | undefined)?.actions);

/** What people did with an e-mail, or with the buttons of a notification; of another message nothing is asked. */
export function useEngagement(message: Pick<Message, "id" | "channel"> & { notification?: object | null }) {
  const api = useApi();
  return useQuery({
    queryKey: keys.engagement(message.id),
    queryFn: ({ signal }) => api.get<Engagement>(`${pathOf(message.id)}/engagement`, undefined, signal),
    enabled: message.channel === "email" || hasButtons(message.notification),
    placeholderData: keepPreviousData,
  });
}

/** Path of the page that shows what an e-mail looks like; nothing is asked of a message without one. */
export function useMessageLook(message: Pick<Message, "id" | "hasHtml">) {
  const api = useApi();
  return useQuery({
    queryKey: keys.look(message.id),
    queryFn: async ({ signal }) =>
      (await api.get<{ htmlUrl: string }>(`${pathOf(message.id)}/preview`, undefined, signal)).htmlUrl,
    enabled: message.hasHtml,
  });
}

/** One page of what became of the message at each recipient. */
export function useDeliveries(id: string, filter: LogFilter, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.deliveries(id, filter, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<Delivery>>(`${pathOf(id)}/deliveries`, { ...filter, limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Address of the log as a file, narrowed in the same way. */
export function useDeliveriesLink(id: string, filter: LogFilter): string {
  return useApi().link(`${pathOf(id)}/deliveries.csv`, { ...filter });
}

/** What stops a message, lets it go on, or ends it. */
export type MessageAct = "pause" | "resume" | "cancel";

/** Pauses, resumes or cancels a message. The report that was answered stands on its page at once. */
export function useActOnMessage(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (act: MessageAct) => (await api.post<MessageReport>(`${pathOf(id)}/${act}`)).body,
    onSuccess: (report) => {
      queries.setQueryData(keys.one(id), report);
      for (const key of ["messages", "campaigns"]) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}

/** Queues those again who failed; with `unknown` also those who may have got it. */
export function useRetryMessage(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: { request: z.input<typeof RetryRequest>; key: string }) =>
      (await api.post<z.infer<typeof RetryAnswer>>(`${pathOf(id)}/retry`, input.request, input.key)).body,
    onSuccess: () => {
      for (const key of ["messages", "campaigns"]) void queries.invalidateQueries({ queryKey: [key] });
    },
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
