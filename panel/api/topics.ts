import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page } from "../../server/lib/page.ts";
import { useApi } from "./context.tsx";

const keys = { list: ["topics"] as const };

/** What messages are about; who left one gets no more of it. */
export interface Topic {
  topic: string;
  /** What readers see, by language. */
  titles: { en?: string; fa?: string };
  /** Whether readers may choose it. */
  isListed: boolean;
}

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

/** Makes a topic, or changes what it is called. */
export function useSaveTopic() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ topic, ...rest }: Topic) => api.put<Topic>(`/topics/${encodeURIComponent(topic)}`, rest),
    onSuccess: () => void queries.invalidateQueries({ queryKey: keys.list }),
  });
}
