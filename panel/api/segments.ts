import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Page } from "../../server/lib/page.ts";
import type { Segment, SegmentCount, SegmentDetail } from "../../server/segments/schema.ts";
import { useApi } from "./context.tsx";

const keys = {
  count: (target: Target | null) => ["segments", "count", target] as const,
  // Apart from the counts: imports make segments and fill them, and must not have every filter counted again.
  list: (search: string) => ["namedSegments", "list", search] as const,
  one: (id: string | undefined) => ["namedSegments", "one", id] as const,
};

/** A filter as it goes into `target`. */
export type Target = Record<string, unknown>;

/** Counts who matches; null asks nothing. The last answer stays on screen while the next one is on its way. */
export function useSegmentCount(target: Target | null) {
  const api = useApi();
  return useQuery({
    queryKey: keys.count(target),
    queryFn: async () => (await api.post<SegmentCount>("/segments/count", { target })).body,
    enabled: target !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  });
}

/** Segments whose names fit the text; a few, to choose from. */
export function useSegments(search: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.list(search),
    queryFn: ({ signal }) =>
      api.get<Page<Segment>>("/segments", { search: search.trim(), limit: 20 }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Saves a filter as a segment. */
export function useCreateSegment() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (segment: { name: string; target: Target }) =>
      (await api.post<Segment>("/segments", segment)).body,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["namedSegments"] }),
  });
}

/** One segment and how many users are in it; nothing without an id. */
export function useSegment(id: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) =>
      api.get<SegmentDetail>(`/segments/${encodeURIComponent(id ?? "")}`, undefined, signal),
    enabled: id !== undefined,
  });
}
