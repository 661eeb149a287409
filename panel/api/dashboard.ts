import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Dashboard } from "../../server/dashboard/schema.ts";
import { useApi } from "./context.tsx";

/** The server's numbers are some seconds old; nobody announces them. */
const askAgainMs = 15_000;

/** What happened today and on so many days up to today, and what to look at. */
export function useDashboard(range: { from: string; to: string } | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["dashboard", range],
    queryFn: ({ signal }) => api.get<Dashboard>("/dashboard", range ?? undefined, signal),
    placeholderData: keepPreviousData,
    refetchInterval: askAgainMs,
  });
}
