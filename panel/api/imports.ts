import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type {
  Import,
  ImportChange,
  ImportError,
  ImportPreview,
  ImportQuery,
  ImportStatus,
  PreviewQuery,
} from "../../server/imports/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { usePolling } from "./changes.tsx";
import type { UploadProgress } from "./client.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";
import { beginningOf, readable } from "./previewPart.ts";

const keys = {
  all: ["imports"] as const,
  list: (cursor: string | undefined, limit: number) => ["imports", "list", { cursor, limit }] as const,
  one: (id: string) => ["imports", "one", id] as const,
  errors: (id: string, cursor: string | undefined) => ["imports", "errors", id, { cursor }] as const,
  changes: (id: string, outcome: string | undefined, cursor: string | undefined) =>
    ["imports", "changes", id, { outcome, cursor }] as const,
  // Not under "imports": an event about an import says nothing of a file that is not one yet.
  preview: (file: File, request: PreviewRequest) =>
    ["preview", file.name, file.size, file.lastModified, request] as const,
};

const runningStatuses: readonly ImportStatus[] = ["queued", "validating", "importing"];

/** Whether the import still moves. */
export function isRunning(status: ImportStatus): boolean {
  return runningStatuses.includes(status);
}

/** How to read a file, as the query of the upload says it. */
export type ImportRequest = Omit<z.input<typeof ImportQuery>, "name" | "fileOf">;

/** How to read a file that is only looked at. */
export type PreviewRequest = Omit<z.input<typeof PreviewQuery>, "name" | "partial">;

/** Whether the import, or its undo, still moves. */
const isMoving = (item: Import) => isRunning(item.status) || item.undo?.status === "running";

/** One page of the history, newest first. */
export function useImports(cursor?: string, limit = pageSize, isWanted = true) {
  const api = useApi();
  const polling = usePolling();
  return useQuery({
    queryKey: keys.list(cursor, limit),
    queryFn: ({ signal }) => api.get<Page<Import>>("/imports", { limit, cursor }, signal),
    enabled: isWanted,
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

/** What the server makes of the file's beginning; null when it is too large to be looked at. A new request stops the one before. */
export function usePreview(file: File, request: PreviewRequest) {
  const api = useApi();
  return useQuery({
    queryKey: keys.preview(file, request),
    queryFn: async ({ signal }) => {
      const part = await beginningOf(file);
      if (part === null) return null;
      const query = { ...request, name: file.name, partial: part.isWhole ? undefined : "true" };
      return await api.upload<ImportPreview>("/imports/preview", query, part.bytes, () => {}, signal);
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** Uploads a file; resolves when the server has it safely. */
export function useUpload() {
  const api = useApi();
  const note = useNoteImport();
  return useMutation({
    mutationFn: async (input: {
      file: File;
      request: ImportRequest;
      onProgress: (progress: UploadProgress) => void;
      signal: AbortSignal;
    }) => {
      await readable(input.file);
      return await api.upload<Import>(
        "/imports",
        { ...input.request, name: input.file.name },
        input.file,
        input.onProgress,
        input.signal,
      );
    },
    onSuccess: note,
  });
}

/** Imports the stored file of an earlier import once more; nothing of it passes through the browser. */
export function useImportAgain(item: Pick<Import, "id" | "name">) {
  const api = useApi();
  const note = useNoteImport();
  return useMutation({
    mutationFn: (request: ImportRequest) =>
      api.upload<Import>(
        "/imports",
        { ...request, name: item.name, fileOf: item.id },
        new Blob(),
        () => {},
        new AbortController().signal,
      ),
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
