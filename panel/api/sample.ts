import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Sample, SampleDevice } from "../../server/sample/schema.ts";
import { useApi } from "./context.tsx";

// Under imports: it comes by one, so what is told of those says that this is stale.
const keys = { all: ["imports", "sample"] as const };
const pollMs = 1_000;

/** The sample data, if there is any; asked for again while it comes or goes. */
export function useSample({ isAsked }: { isAsked: boolean }) {
  const api = useApi();
  return useQuery({
    queryKey: keys.all,
    enabled: isAsked,
    queryFn: ({ signal }) => api.get<Sample>("/sample", undefined, signal),
    refetchInterval: ({ state }) =>
      state.data?.status === "importing" || state.data?.status === "removing" ? pollMs : false,
  });
}

/** Brings it in, under this name. */
export function useAddSample() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => (await api.post<Sample>("/sample", { name })).body,
    onSuccess: (sample) => queries.setQueryData(keys.all, sample),
  });
}

/** Has all of it removed. */
export function useRemoveSample() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.remove<Sample>("/sample"),
    onSuccess: (sample) => queries.setQueryData(keys.all, sample),
  });
}

/** What this browser registers with, to be a device. */
export function useSampleDevice() {
  const api = useApi();
  return useQuery({
    queryKey: ["sampleDevice"],
    queryFn: async () => (await api.post<SampleDevice>("/sample/device")).body,
    // It holds as long as the page is open.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
