import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";

/** Search that tells what was typed once the typing pauses. */
export function SegmentSearch({ onSearch }: { onSearch(text: string): void }) {
  const { strings } = useWords();
  const texts = strings.segments;
  const [text, setText] = useState("");
  const search = useDebouncedCallback(onSearch, 250);
  return (
    <TextInput
      type="search"
      attributes={{ input: { dir: "auto" } }}
      aria-label={texts.search}
      placeholder={texts.searchHint}
      leftSection={<IconSearch size={16} />}
      value={text}
      maxLength={128}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value.trim());
      }}
    />
  );
}
