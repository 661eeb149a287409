import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page } from "../../server/lib/page.ts";
import type {
  CreatedWebhook,
  NewWebhook,
  Webhook,
  WebhookAttempt,
  WebhookAttemptBody,
  WebhookChange,
} from "../../server/webhooks/schema.ts";
import { usePolling } from "./changes.tsx";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

const keys = {
  all: ["webhooks"] as const,
  list: ["webhooks", "list"] as const,
  one: (id: string) => ["webhooks", id] as const,
  log: (id: string, place: object) => ["webhooks", id, "attempts", place] as const,
  attempt: (id: string, attemptId: string) => ["webhooks", id, "attempt", attemptId] as const,
};

/** More than an app can have. */
const most = 50;

const pathOf = (id: string) => `/webhooks/${encodeURIComponent(id)}`;

/** The webhooks of the app, the newest first. */
export function useWebhooks() {
  const api = useApi();
  return useQuery({
    queryKey: keys.list,
    queryFn: async ({ signal }) => (await api.get<Page<Webhook>>("/webhooks", { limit: most }, signal)).data,
  });
}

export function useWebhook(id: string) {
  const api = useApi();
  const poll = usePolling();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<Webhook>(pathOf(id), undefined, signal),
    refetchInterval: poll(true),
  });
}

/** What was sent to a webhook, newest first. */
export function useAttempts(id: string, place: { failed: boolean; cursor: string | undefined }) {
  const api = useApi();
  const poll = usePolling();
  return useQuery({
    queryKey: keys.log(id, place),
    queryFn: ({ signal }) =>
      api.get<Page<WebhookAttempt>>(
        `${pathOf(id)}/attempts`,
        { limit: pageSize, cursor: place.cursor, failed: String(place.failed) },
        signal,
      ),
    placeholderData: keepPreviousData,
    refetchInterval: poll(true),
  });
}

/** One request with its body. */
export function useAttempt(id: string, attemptId: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.attempt(id, attemptId),
    queryFn: ({ signal }) =>
      api.get<WebhookAttemptBody>(`${pathOf(id)}/attempts/${attemptId}`, undefined, signal),
  });
}

function useAfter() {
  const queries = useQueryClient();
  return { onSuccess: () => queries.invalidateQueries({ queryKey: keys.all }) };
}

export function useAddWebhook() {
  const api = useApi();
  return useMutation({
    mutationFn: async (webhook: NewWebhook) => (await api.post<CreatedWebhook>("/webhooks", webhook)).body,
    ...useAfter(),
  });
}

export function useChangeWebhook(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: (change: WebhookChange) => api.patch<Webhook>(pathOf(id), change),
    ...useAfter(),
  });
}

export function useRemoveWebhook(id: string) {
  const api = useApi();
  return useMutation({ mutationFn: () => api.remove(pathOf(id)), ...useAfter() });
}

/** The secret, asked for by a mutation: it is shown when somebody wants it, and kept nowhere. */
export function useWebhookSecret(id: string) {
  const api = useApi();
  return useMutation({ mutationFn: () => api.get<{ secret: string }>(`${pathOf(id)}/secret`) });
}

/** Replaces the secret. */
export function useRotateWebhook(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: async () => (await api.post<{ secret: string }>(`${pathOf(id)}/secret/rotate`)).body,
    ...useAfter(),
  });
}

/** Sends a sample. */
export function useTestWebhook(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: async () => (await api.post<WebhookAttempt>(`${pathOf(id)}/test`)).body,
    ...useAfter(),
  });
}

/** Sends one request again. */
export function useReplayAttempt(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: async (attemptId: string) =>
      (await api.post<WebhookAttempt>(`${pathOf(id)}/attempts/${attemptId}/replay`)).body,
    ...useAfter(),
  });
}

/** Sends all again that failed since a time, in ISO 8601. */
export function useReplayFailed(id: string) {
  const api = useApi();
  return useMutation({
    mutationFn: async (since: string) =>
      (await api.post<{ replayed: number }>(`${pathOf(id)}/replay`, { since })).body,
    ...useAfter(),
  });
}
