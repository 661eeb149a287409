import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  Import,
  ImportChange,
  ImportError,
  ImportQuery,
  ImportStatus,
} from "../../server/imports/schema.ts";
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
  changes: (id: string, outcome: string | undefined, cursor: string | undefined) =>
    ["imports", "changes", id, { outcome, cursor }] as const,
};

const runningStatuses: readonly ImportStatus[] = ["queued", "validating", "importing"];

/** Whether the import still moves. */
export function isRunning(status: ImportStatus): boolean {
  return runningStatuses.includes(status);
}

/** How to read a file, as the query of the upload says it. */
export type ImportRequest = Omit<z.input<typeof ImportQuery>, "name">;

/** Whether the import, or its undo, still moves. */
const isMoving = (item: Import) => isRunning(item.status) || item.undo?.status === "running";

/** One page of the history, newest first. */
export function useImports(cursor?: string, limit = pageSize) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.list(cursor, limit),
    queryFn: ({ signal }) => api.get<Page<Import>>("/imports", { limit, cursor }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => polling(query.state.data?.data.some(isMoving) ?? false),
  });
}

/** One import and its progress; nothing without an id. */
export function useImport(id: string | undefined) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.one(id ?? ""),
    queryFn: ({ signal }) => api.get<Import>(`/imports/${encodeURIComponent(id ?? "")}`, undefined, signal),
    enabled: id !== undefined,
    refetchInterval: (query) => polling(query.state.data !== undefined && isMoving(query.state.data)),
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

/** One page of the rows that created or changed something, by line. */
export function useImportChanges(
  id: string,
  outcome: ImportChange["outcome"] | undefined,
  cursor: string | undefined,
) {
  const api = useApi();
  return useQuery({
    queryKey: keys.changes(id, outcome, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<ImportChange>>(
        `/imports/${encodeURIComponent(id)}/changes`,
        { outcome, limit: pageSize, cursor },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

/** Puts the import that was answered where its page looks for it, and has the lists read again. */
function useNoteImport(): (item: Import) => void {
  const queries = useQueryClient();
  return (item) => {
    queries.setQueryData(keys.one(item.id), item);
    void queries.invalidateQueries({ queryKey: keys.all });
  };
}

/** Uploads a file; resolves when the server has it safely. */
export function useUpload() {
  const api = useApi();
  const note = useNoteImport();
  return useMutation({
    mutationFn: (input: {
      file: File;
      request: ImportRequest;
      onProgress: (progress: UploadProgress) => void;
      signal: AbortSignal;
    }) =>
      api.upload<Import>(
        "/imports",
        { ...input.request, name: input.file.name },
        input.file,
        input.onProgress,
        input.signal,
      ),
    onSuccess: note,
  });
}

/** Imports the stored file of an earlier import once more. It passes through the browser, so not for large ones. */
export function useImportAgain(item: Pick<Import, "id" | "name">) {
  const api = useApi();
  const note = useNoteImport();
  return useMutation({
    mutationFn: async ({ request, signal }: { request: ImportRequest; signal: AbortSignal }) => {
      const file = await api.download(`/imports/${encodeURIComponent(item.id)}/original`, signal);
      return await api.upload<Import>("/imports", { ...request, name: item.name }, file, () => {}, signal);
    },
    onSuccess: note,
  });
}

/** Stops a running import; rows already imported stay. */
export function useCancelImport(id: string) {
  const api = useApi();
  const note = useNoteImport();
  return useMutation({
    mutationFn: async () => (await api.post<Import>(`/imports/${encodeURIComponent(id)}/cancel`)).body,
    onSuccess: note,
  });
}

/** Begins to remove what only this import created. */
export function useUndoImport(id: string) {
  const api = useApi();
  const note = useNoteImport();
  return useMutation({
    mutationFn: async () => (await api.post<Import>(`/imports/${encodeURIComponent(id)}/undo`)).body,
    onSuccess: note,
  });
}
