import { keepPreviousData, useQueries } from "@tanstack/react-query";
import type { TemplatePreview } from "../../server/templates/schema.ts";
import { useApi } from "./context.tsx";

/** A text as one user would get it; the error says where a template is broken. */
export interface PreviewedText {
  data: TemplatePreview | undefined;
  error: unknown;
}

const isTemplate = (text: string) => /\{[{%]/.test(text);

/** Texts as one user would get them. What has no variable in it, or nobody to be shown for, stays as it is. */
export function usePreviews<Name extends string>(
  texts: Readonly<Record<Name, string>>,
  userId: string | undefined,
): Record<Name, PreviewedText> {
  const api = useApi();
  const names = Object.keys(texts) as Name[];
  return useQueries({
    queries: names.map((name) => {
      const content = texts[name];
      return {
        queryKey: ["templates", "preview", content, userId],
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await api.post<TemplatePreview>("/templates/preview", { content, userId }, undefined, signal))
            .body,
        enabled: userId !== undefined && isTemplate(content),
        placeholderData: isTemplate(content) ? keepPreviousData : undefined,
        retry: false,
        staleTime: 30_000,
      };
    }),
    combine: (results) =>
      // One result for each name, in their order.
      Object.fromEntries(
        names.map((name, index) => {
          const result = results[index];
          const plain = isTemplate(texts[name]) ? undefined : { text: texts[name], missing: [] };
          return [name, { data: plain ?? result?.data, error: plain ? null : (result?.error ?? null) }];
        }),
      ) as Record<Name, PreviewedText>,
  });
}
