import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Import, ImportError, ImportStatus } from "../../server/imports/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { usePolling } from "./changes.tsx";
import type { UploadProgress } from "./client.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

const keys = {
  all: ["imports"] as const,
  list: (cursor: string | undefined, limit: number) => ["imports", "list", { cursor, limit }] as const,
  one: (id: string) => ["imports", "one", id] as const,
  errors: (id: string, cursor: string | undefined) => ["imports", "errors", id, { cursor }] as const,
};

const runningStatuses: readonly ImportStatus[] = ["queued", "validating", "importing"];

/** Whether the import still moves. */
export function isRunning(status: ImportStatus): boolean {
  return runningStatuses.includes(status);
}

/** One page of the history, newest first. */
export function useImports(cursor?: string, limit = pageSize) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.list(cursor, limit),
    queryFn: ({ signal }) => api.get<Page<Import>>("/imports", { limit, cursor }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      polling(query.state.data?.data.some((item) => isRunning(item.status)) ?? false),
  });
}

/** One import and its progress. */
export function useImport(id: string) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<Import>(`/imports/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: (query) => polling(query.state.data !== undefined && isRunning(query.state.data.status)),
  });
}

/** One page of the rows that were rejected or discarded, by line. */
export function useImportErrors(id: string, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.errors(id, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<ImportError>>(
        `/imports/${encodeURIComponent(id)}/errors`,
        { limit: pageSize, cursor },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

/** Uploads a file; resolves when the server has it safely. */
export function useUpload() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: {
      file: File;
      onProgress: (progress: UploadProgress) => void;
      signal: AbortSignal;
    }) =>
      api.upload<Import>(
        "/imports",
        { format: "auto", name: input.file.name },
        input.file,
        input.onProgress,
        input.signal,
      ),
    onSuccess: (created) => {
      queries.setQueryData(keys.one(created.id), created);
      void queries.invalidateQueries({ queryKey: keys.all });
    },
  });
}

/** Stops a running import; rows already imported stay. */
export function useCancelImport(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => (await api.post<Import>(`/imports/${encodeURIComponent(id)}/cancel`)).body,
    onSuccess: (cancelled) => {
      queries.setQueryData(keys.one(id), cancelled);
      void queries.invalidateQueries({ queryKey: keys.all });
    },
  });
}
