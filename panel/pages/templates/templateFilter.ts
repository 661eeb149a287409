import type { TemplateFilter } from "../../api/savedTemplates.ts";
import { channels } from "../../ui/channels.tsx";

/** What the address of the list says. */
export function readTemplateFilter(search: Record<string, unknown>): TemplateFilter {
  const channel = channels.find((one) => one === search.channel);
  const text =
    typeof search.search === "string" || typeof search.search === "number" ? String(search.search) : "";
  return { ...(channel !== undefined && { channel }), ...(text !== "" && { search: text }) };
}
