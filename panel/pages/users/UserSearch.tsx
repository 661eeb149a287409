import { ActionIcon, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";

/** Search that tells what was typed once the typing pauses. */
export function UserSearch({ initial, onSearch }: { initial: string; onSearch(text: string): void }) {
  const { strings } = useWords();
  const texts = strings.users;
  const [text, setText] = useState(initial);
  const search = useDebouncedCallback(onSearch, 250);
  const write = (next: string) => {
    setText(next);
    search(next.trim());
  };
  return (
    <TextInput
      type="search"
      attributes={{ input: { dir: "auto" } }}
      aria-label={texts.search}
      placeholder={texts.searchHint}
      leftSection={<IconSearch size={16} />}
      value={text}
      maxLength={254}
      onChange={(event) => write(event.currentTarget.value)}
      rightSection={
        text !== "" && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={texts.clear}
            onClick={() => write("")}
          >
            <IconX size={14} />
          </ActionIcon>
        )
      }
    />
  );
}
