import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { SegmentCount } from "../../server/segments/schema.ts";
import { useApi } from "./context.tsx";

/** A filter as it goes into `target`. */
export type Target = Record<string, unknown>;

/** Counts who matches; null asks nothing. The last answer stays on screen while the next one is on its way. */
export function useSegmentCount(target: Target | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["segments", "count", target],
    queryFn: async () => (await api.post<SegmentCount>("/segments/count", { target })).body,
    enabled: target !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  });
}
