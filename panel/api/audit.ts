import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../server/accounts/audit-schema.ts";
import type { Page } from "../../server/lib/page.ts";
import { useApi } from "./context.tsx";
import { pageSize } from "./pages.ts";

/** What a list of the history is narrowed to. */
export interface AuditFilter {
  /** The noun of the action, as `segment`. */
  noun?: string | undefined;
  actor?: string | undefined;
}

/** What was done in the app, the newest first. */
export function useAudit(filter: AuditFilter, cursor: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ["audit", filter, cursor],
    queryFn: ({ signal }) =>
      api.get<Page<AuditEntry>>("/audit", { limit: pageSize, cursor, ...filter }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The filter that an address names. */
export function readAuditFilter({ noun, actor }: Record<string, unknown>): AuditFilter {
  return {
    ...(typeof noun === "string" ? { noun } : {}),
    ...(typeof actor === "string" ? { actor } : {}),
  };
}
