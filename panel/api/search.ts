import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Campaign } from "../../server/campaigns/schema.ts";
import type { SavedTemplate } from "../../server/campaigns/templates/schema.ts";
import type { Import } from "../../server/imports/schema.ts";
import type { ListedUser } from "../../server/installations/user-schema.ts";
import type { Page } from "../../server/lib/page.ts";
import type { Message } from "../../server/messages/schema.ts";
import type { Segment } from "../../server/segments/schema.ts";
import type { ApiClient } from "./client.ts";
import { useApi } from "./context.tsx";

/** Something of the app that was found by its id or name. */
export interface Found {
  kind: "user" | "campaign" | "segment" | "message" | "import" | "template";
  id: string;
  name: string;
}

/** Of each kind. */
const most = 5;
/** Of what cannot be searched for by the server, the latest are looked through. */
const latest = 100;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const nameOfMessage = ({ campaign, content }: Message): string => campaign?.name ?? content.slice(0, 80);

/** By id, whatever has it; there is nothing where the answer is 404, or where it may not be looked at. */
async function findById(api: ApiClient, id: string, signal: AbortSignal): Promise<Found[]> {
  const of = async <T>(path: string, read: (thing: T) => Found): Promise<Found[]> => {
    try {
      return [read(await api.get<T>(`${path}/${encodeURIComponent(id)}`, undefined, signal))];
    } catch {
      return [];
    }
  };
  const found = await Promise.all([
    of<Message>("/messages", (item) => ({ kind: "message", id, name: nameOfMessage(item) })),
    of<Campaign>("/campaigns", ({ name }) => ({ kind: "campaign", id, name })),
    of<Segment>("/segments", ({ name }) => ({ kind: "segment", id, name })),
    of<Import>("/imports", ({ name }) => ({ kind: "import", id, name })),
    of<SavedTemplate>("/templates", ({ name }) => ({ kind: "template", id, name })),
  ]);
  return found.flat();
}

async function findByName(api: ApiClient, search: string, signal: AbortSignal): Promise<Found[]> {
  const list = async <T>(path: string, query: { limit: number; search?: string }): Promise<T[]> => {
    try {
      return (await api.get<Page<T>>(path, query, signal)).data;
    } catch {
      return []; // not for everybody's eyes, or not to be searched for in this way
    }
  };
  const has = (text: string) => text.toLocaleLowerCase().includes(search.toLocaleLowerCase());
  const [users, campaigns, segments, templates, messages, imports] = await Promise.all([
    list<ListedUser>("/users", { search, limit: most }),
    list<Campaign>("/campaigns", { search, limit: most }),
    list<Segment>("/segments", { search, limit: most }),
    list<SavedTemplate>("/templates", { search, limit: most }),
    list<Message>("/messages", { limit: latest }),
    list<Import>("/imports", { limit: latest }),
  ]);
  const named = (kind: Found["kind"]) => (item: { id: string; name: string }) => ({ kind, ...item });
  return [
    ...users.map(({ userId }): Found => ({ kind: "user", id: userId, name: userId })),
    ...campaigns.map(({ id, name }) => named("campaign")({ id, name })),
    ...segments.map(({ id, name }) => named("segment")({ id, name })),
    ...templates.map(({ id, name }) => named("template")({ id, name })),
    ...messages
      .map((item) => named("message")({ id: item.id, name: nameOfMessage(item) }))
      .filter(({ name }) => has(name))
      .slice(0, most),
    ...imports
      .filter(({ name }) => has(name))
      .slice(0, most)
      .map(({ id, name }) => named("import")({ id, name })),
  ];
}

/** Whatever has this id or a name like it; nothing while less than two letters are written. */
export function useSearch(text: string) {
  const api = useApi();
  const search = text.trim();
  return useQuery({
    queryKey: ["search", search],
    queryFn: async ({ signal }) => {
      const byId = uuid.test(search) ? await findById(api, search, signal) : [];
      return byId.length > 0 ? byId : findByName(api, search, signal);
    },
    enabled: search.length > 1,
    placeholderData: keepPreviousData,
  });
}
