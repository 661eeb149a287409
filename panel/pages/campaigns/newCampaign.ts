/** What the address of a new campaign says. */
export interface NewCampaignSearch {
  /** What the page has saved so far. */
  draft?: string;
  /** Id of the segment to begin with. */
  segment?: string;
}

const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** See {@link NewCampaignSearch}. */
export const readNewCampaign = (search: Record<string, unknown>): NewCampaignSearch => ({
  ...(isId(search.draft) && { draft: search.draft }),
  ...(isId(search.segment) && { segment: search.segment }),
});
