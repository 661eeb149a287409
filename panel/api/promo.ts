import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { PromoSets, PromoUpload } from "../../server/promo/schema.ts";
import { useApi } from "./context.tsx";

const keys = { sets: ["promoCodes"] as const };

/** The promo codes of each track id, and the app's own, by how many are left. */
export function usePromoSets() {
  const api = useApi();
  return useQuery({
    queryKey: keys.sets,
    queryFn: async ({ signal }) =>
      (await api.get<z.infer<typeof PromoSets>>("/promo-codes", undefined, signal)).data,
    staleTime: 10_000,
  });
}

/** Gives a track id, or the app where that is null, new codes in the place of those that are left. */
export function useUploadCodes() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ trackId, file }: { trackId: string | null; file: File }) =>
      api.upload<PromoUpload>(
        trackId === null
          ? "/containers/updateGlobalPromoCodes"
          : `/containers/updatePromoCodes/${encodeURIComponent(trackId)}`,
        {},
        file,
        () => {},
        new AbortController().signal,
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: keys.sets }),
  });
}
