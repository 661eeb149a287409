import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { StoredFile } from "../../server/files/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { useApi } from "./context.tsx";

const keys = { list: ["files"] as const };

const perPage = 24;

/** The images that were uploaded, page after page. */
export function useFiles() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: keys.list,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<StoredFile>>("/files", { limit: perPage, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Keeps an image for e-mails. The same image again is the same file. */
export function useUploadImage() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (file: File) =>
      api.upload<StoredFile>(
        "/files",
        { name: file.name },
        file,
        () => {},
        new AbortController().signal,
        file.type,
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: keys.list }),
  });
}

/** Deletes an image. */
export function useRemoveFile() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(`/files/${encodeURIComponent(id)}`),
    onSuccess: () => void queries.invalidateQueries({ queryKey: keys.list }),
  });
}
