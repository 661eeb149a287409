import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useImports } from "../../api/imports.ts";
import { useMessages } from "../../api/messages.ts";
import { useNames } from "../../api/names.ts";
import { useSegments } from "../../api/segments.ts";
import { firstWords } from "../messages/firstWords.ts";

/** What rules name by id and people by name. */
export type ThingNoun = "segment" | "import" | "message";

/** How many of the latest files and messages are offered. */
const offered = 100;

/** Segments, files or messages to choose from; those chosen are among them under their names. */
export function useThings(noun: ThingNoun, chosen: readonly string[]) {
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text, 250);
  const segments = useSegments(search, noun === "segment").data?.data ?? [];
  const imports = useImports(undefined, offered, noun === "import").data?.data ?? [];
  const messages = useMessages(undefined, offered, noun === "message").data?.data ?? [];
  const names = useNames([{ [noun]: chosen }]);
  const found = {
    segment: segments.map(({ id, name }) => ({ value: id, label: name })),
    import: imports.map(({ id, name }) => ({ value: id, label: name })),
    message: messages.map(({ id, content }) => ({ value: id, label: firstWords(content) || id })),
  }[noun];
  const known = new Set(found.map(({ value }) => value));
  const others = chosen
    .filter((id) => !known.has(id))
    .map((id) => ({ value: id, label: names.get(id) ?? id }));
  return { options: [...others, ...found], text, setText };
}
