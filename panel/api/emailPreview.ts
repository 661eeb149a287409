import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { z } from "zod";
import type { EmailPreview, EmailPreviewRequest } from "../../server/templates/email/schema.ts";
import type { ApiClient } from "./client.ts";
import { useApi } from "./context.tsx";

export type PreviewRequest = z.input<typeof EmailPreviewRequest>;

const ask = async (api: ApiClient, request: PreviewRequest, signal?: AbortSignal) =>
  (await api.post<EmailPreview>("/templates/email/preview", request, undefined, signal)).body;

/** An e-mail as it is shown while it is written. */
export interface PreviewedEmail {
  /** Of the last state that was no fault; undefined before there was one. */
  data: EmailPreview | undefined;
  /** Why the e-mail as it stands cannot be shown. */
  error: unknown;
}

/** The pages of previews are kept by the server for minutes. */
const freshMs = 120_000;

/** An e-mail as one user would get it; nothing is asked where there is none. */
export function useEmailPreview(request: PreviewRequest | null): PreviewedEmail {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: ["templates", "email", request],
    queryFn: ({ signal }) => ask(api, request ?? {}, signal),
    enabled: request !== null,
    retry: false,
    staleTime: freshMs,
    gcTime: freshMs,
  });
  const [last, setLast] = useState<EmailPreview>();
  useEffect(() => {
    if (data !== undefined) setLast(data);
  }, [data]);
  return { data: data ?? (request === null ? undefined : last), error: request === null ? null : error };
}

/** Makes HTML out of an e-mail, with its variables as they are written. Null for plain text alone. */
export function useEmailHtml(): (request: PreviewRequest) => Promise<string | null> {
  const api = useApi();
  return async (request) => {
    const { htmlUrl } = await ask(api, request);
    if (htmlUrl === null) return null;
    const response = await fetch(htmlUrl, { credentials: "same-origin" });
    if (!response.ok) throw new Error(`the page of the preview answered ${response.status}`);
    return await response.text();
  };
}
