import { type ChannelName, channels } from "../../ui/channels.tsx";

/** What the address of a new campaign says. */
export interface NewCampaignSearch {
  /** What the page has saved so far. */
  draft?: string;
  /** Id of the segment to begin with. */
  segment?: string;
  /** The channel to begin with. */
  channel?: ChannelName;
  /** Id of the template to begin with. */
  template?: string;
  /** Id of the user to begin with. */
  user?: string;
  /** The text to begin with. */
  text?: string;
}

const maxText = 4_000;

const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** See {@link NewCampaignSearch}. */
export function readNewCampaign(search: Record<string, unknown>): NewCampaignSearch {
  const channel = channels.find((item) => item === search.channel);
  return {
    ...(isId(search.draft) && { draft: search.draft }),
    ...(isId(search.segment) && { segment: search.segment }),
    ...(channel !== undefined && { channel }),
    ...(isId(search.template) && { template: search.template }),
    ...(typeof search.user === "string" && search.user !== "" && { user: search.user.slice(0, maxText) }),
    ...(typeof search.text === "string" && search.text !== "" && { text: search.text.slice(0, maxText) }),
  };
}
