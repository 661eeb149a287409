import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Topic, TopicTitles } from "../../server/installations/topic-schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { useApi } from "./context.tsx";

const keys = { list: ["topics"] as const };

/** More than anybody has. */
const most = 200;

/** The topics of the app. */
export function useTopics() {
  const api = useApi();
  return useQuery({
    queryKey: keys.list,
    queryFn: async ({ signal }) => (await api.get<Page<Topic>>("/topics", { limit: most }, signal)).data,
  });
}

/** What of a topic can be written. */
export type TopicDraft = Omit<Topic, "isInUse">;

/** Makes a topic, or changes what it is called. */
export function useSaveTopic() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ topic, titles, isListed }: TopicDraft) =>
      api.put<TopicTitles>(`/topics/${encodeURIComponent(topic)}`, { titles, isListed }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: keys.list }),
  });
}

/** Takes the titles of a topic back; who is in it stays so. */
export function useForgetTopic() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (topic: string) => api.remove(`/topics/${encodeURIComponent(topic)}`),
    onSuccess: () => void queries.invalidateQueries({ queryKey: keys.list }),
  });
}
