import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "./context.tsx";

/** What can be brought back after it was deleted, as its addresses begin in the API and in the panel. */
export type Restorable = "campaigns" | "segments" | "templates";

const listsOf: Record<Restorable, readonly string[]> = {
  campaigns: ["campaigns"],
  segments: ["namedSegments"],
  templates: ["savedTemplates"],
};

/** Brings back what was deleted. */
export function useUndelete() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, id }: { kind: Restorable; id: string }) =>
      api.post(`/${kind}/${encodeURIComponent(id)}/undelete`),
    onSuccess: (_, { kind }) => {
      for (const queryKey of [listsOf[kind], ["audit"]]) void queries.invalidateQueries({ queryKey });
    },
  });
}
