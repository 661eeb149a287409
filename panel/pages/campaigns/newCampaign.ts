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
  /** The name and the text to begin with. */
  name?: string;
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
    ...wordsOf(search),
  };
}

const words = ["user", "name", "text"] as const;

const wordsOf = (search: Record<string, unknown>): Pick<NewCampaignSearch, (typeof words)[number]> =>
  Object.fromEntries(
    words.flatMap((name) => {
      const value = search[name];
      return typeof value === "string" && value !== "" ? [[name, value.slice(0, maxText)]] : [];
    }),
  );
