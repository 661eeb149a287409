import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { Page } from "../../server/lib/page.ts";
import type {
  FileSegment,
  Segment,
  SegmentCount,
  SegmentDetail,
  SegmentFields,
  SegmentGrowth,
  SegmentPreset as SegmentPresetSchema,
} from "../../server/segments/schema.ts";
import { isRules } from "../ui/rules.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";
import { ApiProblem } from "./problem.ts";

/** A filter that many need, to start from. */
export type SegmentPreset = z.infer<typeof SegmentPresetSchema>;

/** Numbers of one rule or group by itself. */
export type RuleCount = NonNullable<SegmentCount["rules"]>[number];

const keys = {
  count: (filter: Filter | null, perRule: boolean) => ["segments", "count", filter, perRule] as const,
  fields: ["segments", "fields"] as const,
  presets: ["segments", "presets"] as const,
  // Apart from the counts: imports make segments and fill them, and must not have every filter counted again.
  all: ["namedSegments"] as const,
  list: (search: string, cursor?: string) =>
    ["namedSegments", "list", search, ...(cursor ? [cursor] : [])] as const,
  pinned: ["namedSegments", "pinned"] as const,
  one: (id: string | undefined) => ["namedSegments", "one", id] as const,
  growth: (id: string) => ["namedSegments", "growth", id] as const,
};

const pathOf = (id: string) => `/segments/${encodeURIComponent(id)}`;

/** A filter in one of its notations, as requests carry it. A target that is a text is the name or id of a segment. */
export type Filter =
  | { target: Record<string, unknown> | string; segment?: undefined }
  | { segment: Record<string, unknown>; target?: undefined };

/** A filter object as requests carry it: which notation it is written in shows. */
export const asFilter = (filter: Record<string, unknown>): Filter =>
  isRules(filter) ? { segment: filter } : { target: filter };

/** The filter of a dynamic segment; null for a list. */
export function filterOf({ segment, target }: Pick<Segment, "segment" | "target">): Filter | null {
  const filter = segment ?? target;
  return typeof filter === "object" && filter !== null ? asFilter(filter as Record<string, unknown>) : null;
}

/** Numbers of a filter: an estimate as soon as there is one, then the exact ones in its place. */
export interface Count {
  data: SegmentCount | undefined;
  /** The data are of this very filter, not of the one before. */
  isCurrent: boolean;
  isFetching: boolean;
  error: unknown;
  refetch(): void;
}

/** Then the estimate is all there is. */
const isTooSlow = (error: unknown) => error instanceof ApiProblem && error.code === "too_slow";

/** Counts who matches; null asks nothing. The last answer stays on screen while the next one is on its way. */
export function useSegmentCount(filter: Filter | null, perRule = false): Count {
  const api = useApi();
  const ask = (estimate: boolean) => async (options: { signal: AbortSignal }) => {
    const request = { ...filter, perRule, estimate };
    return (await api.post<SegmentCount>("/segments/count", request, undefined, options.signal)).body;
  };
  const common = { placeholderData: keepPreviousData, retry: false, staleTime: 10_000 } as const;
  const quick = useQuery({
    ...common,
    queryKey: [...keys.count(filter, perRule), "estimate"],
    queryFn: ask(true),
    enabled: filter !== null,
  });
  const isEstimate = quick.isSuccess && !quick.isPlaceholderData && quick.data.isEstimate;
  const exact = useQuery({
    ...common,
    queryKey: [...keys.count(filter, perRule), "exact"],
    queryFn: ask(false),
    enabled: filter !== null && isEstimate,
  });
  const isExact = isEstimate && exact.isSuccess && !exact.isPlaceholderData;
  return {
    data: isExact ? exact.data : quick.data,
    isCurrent: filter !== null && quick.isSuccess && !quick.isPlaceholderData,
    isFetching: quick.isFetching || exact.isFetching,
    error: quick.error ?? (isEstimate && !isTooSlow(exact.error) ? exact.error : null),
    refetch: () => void (quick.isError ? quick.refetch() : exact.refetch()),
  };
}

/** How many users there are in all; undefined before it is known. */
export function useEveryone(): number | undefined {
  return useSegmentCount(everyone).data?.users;
}

const everyone: Filter = { segment: { all: [] } };

/** Everything that a rule can speak of. */
export function useSegmentFields() {
  const api = useApi();
  return useQuery({
    queryKey: keys.fields,
    queryFn: ({ signal }) => api.get<SegmentFields>("/segments/fields", undefined, signal),
    staleTime: 60_000,
  });
}

/** Filters that many need. */
export function useSegmentPresets() {
  const api = useApi();
  return useQuery({
    queryKey: keys.presets,
    queryFn: async ({ signal }) =>
      (await api.get<{ data: SegmentPreset[] }>("/segments/presets", undefined, signal)).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Segments whose names fit the text; a few, to choose from. */
export function useSegments(search: string, isWanted = true) {
  const api = useApi();
  return useQuery({
    queryKey: keys.list(search),
    queryFn: ({ signal }) =>
      api.get<Page<Segment>>("/segments", { search: search.trim(), limit: 20 }, signal),
    enabled: isWanted,
    placeholderData: keepPreviousData,
  });
}

/** One page of the segments whose names fit the text. */
export function useSegmentPage(search: string, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.list(search, `page ${cursor ?? ""}`),
    queryFn: ({ signal }) =>
      api.get<Page<Segment>>("/segments", { search: search.trim(), limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Segments that are shown on the first page. */
export function usePinnedSegments() {
  const api = useApi();
  return useQuery({
    queryKey: keys.pinned,
    queryFn: async ({ signal }) =>
      (await api.get<Page<Segment>>("/segments", { pinned: "true", limit: 12 }, signal)).data,
  });
}

/** Saves a filter as a segment: whoever fits at any moment, or as a list of those who fit now. */
export function useCreateSegment() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (segment: { name: string; kind: Segment["kind"]; filter: Filter }) =>
      (await api.post<Segment>("/segments", { name: segment.name, kind: segment.kind, ...segment.filter }))
        .body,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.all }),
  });
}

/** Renames or pins a segment, or gives it another filter. */
export function useEditSegment(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: { name?: string; isPinned?: boolean; filter?: Filter }) => {
      const { filter, ...rest } = change;
      return api.patch<Segment>(pathOf(id), { ...rest, ...filter });
    },
    onSuccess: async (_, { filter }) => {
      await queries.invalidateQueries({ queryKey: keys.all });
      // Its users are others now, and those of what is made of it.
      if (filter !== undefined) {
        for (const key of ["segments", "users"]) void queries.invalidateQueries({ queryKey: [key] });
      }
    },
  });
}

/** Makes a second segment that is the same. */
export function useDuplicateSegment(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => (await api.post<Segment>(`${pathOf(id)}/duplicate`, {})).body,
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.all }),
  });
}

/** Deletes a segment; refused while others are made of it. */
export function useRemoveSegment(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.remove(pathOf(id)),
    onSuccess: () => {
      queries.removeQueries({ queryKey: keys.one(id) });
      queries.removeQueries({ queryKey: keys.growth(id) });
      void queries.invalidateQueries({ queryKey: ["namedSegments", "list"] });
      void queries.invalidateQueries({ queryKey: keys.pinned });
    },
  });
}

/** One segment and what uses it, not counted: the page counts live. Nothing without an id. */
export function useSegment(id: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<SegmentDetail>(pathOf(id ?? ""), { count: "false" }, signal),
    enabled: id !== undefined,
  });
}

/** How many users a segment has now. Nothing without an id. */
export function useSegmentUsers(id: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: [...keys.one(id), "users"],
    queryFn: async ({ signal }) => (await api.get<SegmentDetail>(pathOf(id ?? ""), undefined, signal)).users,
    enabled: id !== undefined,
  });
}

/** How many users were in a segment, day by day. */
export function useSegmentGrowth(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.growth(id),
    queryFn: async ({ signal }) =>
      (await api.get<SegmentGrowth>(`${pathOf(id)}/growth`, undefined, signal)).data,
  });
}

/** Makes a segment of a file of user ids, called as the file is and when it came. */
export function useSegmentFromFile() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (file: File) =>
      api.upload<FileSegment>(
        "/segments/from-file",
        {
          name: `${file.name.replace(/\.[^.]*$/, "")} ${new Date().toISOString().slice(0, 19).replace("T", " ")}`,
        },
        file,
        () => {},
        new AbortController().signal,
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: keys.all }),
  });
}
