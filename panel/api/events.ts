import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Cohorts, EventSummary, Funnel, Series } from "../../server/events/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { useApi } from "./context.tsx";

const keys = {
  names: ["events", "names"] as const,
  series: (asked: unknown) => ["events", "series", asked] as const,
  funnel: (asked: unknown) => ["events", "funnel", asked] as const,
  cohorts: (asked: unknown) => ["events", "cohorts", asked] as const,
};

const firstEventMs = 5000;

/** Analyses read many events; going back and forth between settings must not read them anew each time. */
const staleTime = 60_000;

/** What an analysis looks at. A range that ends now has another start each time, so it is worked out when asking. */
export interface Scope {
  /** Tells ranges apart. */
  range: unknown;
  bounds(now: number): { from: string; to?: string };
  segment: string | undefined;
}

/** What identifies a question, and its part of the query string. */
const questionOf = ({ range, bounds, segment }: Scope) => ({
  key: { range, segment },
  query: () => ({ ...bounds(Date.now()), segment }),
});

/** Every name of an event with what it adds up to; at most a thousand. */
export function useEventNames() {
  const api = useApi();
  return useQuery({
    queryKey: keys.names,
    queryFn: async ({ signal }) => (await api.get<Page<EventSummary>>("/events", undefined, signal)).data,
    // Whoever has just sent the first event is looking for it.
    refetchInterval: ({ state }) => (state.data?.length === 0 ? firstEventMs : false),
  });
}

/** An event over time; nothing without a name. */
export function useSeries(name: string | undefined, interval: string, scope: Scope) {
  const api = useApi();
  const { key, query } = questionOf(scope);
  return useQuery({
    queryKey: keys.series({ name, interval, ...key }),
    queryFn: ({ signal }) =>
      api.get<Series>(`/events/${encodeURIComponent(name ?? "")}/series`, { ...query(), interval }, signal),
    enabled: name !== undefined,
    placeholderData: keepPreviousData,
    staleTime,
  });
}

/** How many took the steps; nothing until at least two are there. */
export function useFunnel(
  asked: { step: readonly string[]; order: "strict" | "any"; withinHours: number | undefined },
  scope: Scope,
) {
  const api = useApi();
  const { key, query } = questionOf(scope);
  return useQuery({
    queryKey: keys.funnel({ ...asked, ...key }),
    queryFn: ({ signal }) => api.get<Funnel>("/events/funnel", { ...query(), ...asked }, signal),
    enabled: asked.step.length >= 2,
    placeholderData: keepPreviousData,
    staleTime,
  });
}

/** Who came back; nothing until both events are there. */
export function useCohorts(
  asked: { first: string | undefined; return: string | undefined; interval: string },
  scope: Scope,
) {
  const api = useApi();
  const { key, query } = questionOf(scope);
  return useQuery({
    queryKey: keys.cohorts({ ...asked, ...key }),
    queryFn: ({ signal }) => api.get<Cohorts>("/events/cohort", { ...query(), ...asked }, signal),
    enabled: asked.first !== undefined && asked.return !== undefined,
    placeholderData: keepPreviousData,
    staleTime,
  });
}
