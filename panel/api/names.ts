import { useQueries } from "@tanstack/react-query";
import { isRecord } from "../ui/rules.ts";
import { useApi } from "./context.tsx";

/** Nouns that filters name by id, and where to read one. */
const paths = { segment: "/segments", import: "/imports", message: "/messages" } as const;
type Noun = keyof typeof paths;

const nounOf = (field: string): Noun | undefined =>
  field === "segment" || field === "import" ? field : field.startsWith("message") ? "message" : undefined;

const isId = (text: unknown): text is string =>
  typeof text === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Every id that a filter speaks of, in either notation. */
export function idsIn(filter: unknown, found = new Map<string, Noun>()): Map<string, Noun> {
  if (Array.isArray(filter)) for (const item of filter) idsIn(item, found);
  if (!isRecord(filter)) return found;
  const note = (field: string, value: unknown) => {
    const noun = nounOf(field);
    const ids = isRecord(value) ? Object.values(value).flat() : [value].flat();
    if (noun !== undefined) for (const id of ids) if (isId(id)) found.set(id, noun);
  };
  for (const [key, value] of Object.entries(filter)) {
    note(key, value);
    if (key === "name" && typeof value === "string") note(value, filter.value);
    idsIn(value, found);
  }
  return found;
}

/** Names of the segments and files, and the words of the messages, that filters speak of by id; `known` need not be asked. */
export function useNames(
  filters: readonly unknown[],
  known: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const api = useApi();
  const found = filters.reduce<Map<string, Noun>>((ids, filter) => idsIn(filter, ids), new Map());
  const ids = [...found].filter(([id]) => !known.has(id));
  return useQueries({
    queries: ids.map(([id, noun]) => ({
      queryKey: ["names", noun, id],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<[string, string] | null> => {
        const thing = await api.get<{ name?: string; content?: string }>(
          `${paths[noun]}/${id}`,
          undefined,
          signal,
        );
        const name = thing.name ?? thing.content?.slice(0, 60);
        return name === undefined ? null : [id, name];
      },
      retry: false,
      staleTime: 60_000,
    })),
    combine: (results) => new Map([...known, ...results.flatMap(({ data }) => (data ? [data] : []))]),
  });
}
