import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { CampaignContent } from "../../server/campaigns/schema.ts";
import type {
  ContentCheck,
  NewSavedTemplate,
  SavedTemplate,
  SavedTemplateChange,
  SavedTemplateVersion,
} from "../../server/campaigns/templates/schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type { ChannelName } from "../ui/channels.tsx";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

const keys = {
  // Apart from the previews, whose keys begin with "templates".
  all: ["savedTemplates"] as const,
  list: (filter: TemplateFilter, cursor: string | undefined) =>
    ["savedTemplates", "list", filter, cursor] as const,
  one: (id: string) => ["savedTemplates", "one", id] as const,
  versions: (id: string, cursor: string | undefined) => ["savedTemplates", "versions", id, cursor] as const,
};

const pathOf = (id: string) => `/templates/${encodeURIComponent(id)}`;

/** What the list is narrowed to. */
export interface TemplateFilter {
  channel?: ChannelName | undefined;
  search?: string | undefined;
}

/** One page of the saved templates. */
export function useSavedTemplates(filter: TemplateFilter, cursor?: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.list(filter, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<SavedTemplate>>("/templates", { ...filter, limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** One template as it is now. */
export function useSavedTemplate(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => api.get<SavedTemplate>(pathOf(id), undefined, signal),
  });
}

/** Reads a template as a whole: lists leave out what e-mails look like. */
export function useReadTemplate(): (id: string) => Promise<SavedTemplate> {
  const api = useApi();
  return (id) => api.get<SavedTemplate>(pathOf(id));
}

const hasVariables = (content: CampaignContent) => /\{[{%]/.test(JSON.stringify(content));

/** What of a content may be a mistake; nothing is asked of one without variables. */
export function useContentCheck(content: CampaignContent) {
  const api = useApi();
  return useQuery({
    queryKey: ["templates", "check", content],
    queryFn: async ({ signal }) =>
      (await api.post<z.infer<typeof ContentCheck>>("/templates/check", { content }, undefined, signal)).body,
    enabled: hasVariables(content),
    // A broken text is told where it stands.
    retry: false,
    staleTime: 30_000,
  });
}

/** One page of what it was before, newest first. */
export function useTemplateVersions(id: string, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: keys.versions(id, cursor),
    queryFn: ({ signal }) =>
      api.get<Page<SavedTemplateVersion>>(`${pathOf(id)}/versions`, { limit: pageSize, cursor }, signal),
    placeholderData: keepPreviousData,
  });
}

/** A template as it is sent to the server. */
export interface TemplateDraft {
  name: string;
  channel: ChannelName;
  content: CampaignContent;
}

/** Saves a template: a new one without an id, else a new version. */
export function useSaveTemplate() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({
      id,
      draft,
    }: {
      id: string | null;
      draft: TemplateDraft;
    }): Promise<SavedTemplate> => {
      const { name, channel, content } = draft;
      if (id === null) {
        const body: NewSavedTemplate = { name, channel, content };
        return (await api.post<SavedTemplate>("/templates", body)).body;
      }
      const body: SavedTemplateChange = { name, content };
      return await api.patch<SavedTemplate>(pathOf(id), body);
    },
    onSuccess: (template) => {
      void queries.invalidateQueries({ queryKey: keys.all });
      queries.setQueryData(keys.one(template.id), template);
    },
  });
}

/** Makes an older version the latest again. */
export function useRestoreTemplate(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (version: number) =>
      (await api.post<SavedTemplate>(`${pathOf(id)}/restore`, { version })).body,
    onSuccess: (template) => {
      void queries.invalidateQueries({ queryKey: keys.all });
      queries.setQueryData(keys.one(id), template);
    },
  });
}

/** Deletes a template. What was made from it stays. */
export function useRemoveTemplate() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.remove(pathOf(id)),
    onSuccess: (_, id) => {
      queries.removeQueries({ queryKey: keys.one(id) });
      void queries.invalidateQueries({ queryKey: keys.all });
    },
  });
}
