import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { MessageStatistics } from "../../server/statistics/schema.ts";
import { useApi } from "./context.tsx";

/** What came of a message besides its counts; the server remembers it for some seconds while the message runs. */
export function useStatistics(messageId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["messages", "statistics", messageId],
    queryFn: ({ signal }) =>
      api.get<MessageStatistics>(`/messages/${encodeURIComponent(messageId)}/statistics`, undefined, signal),
    placeholderData: keepPreviousData,
  });
}
