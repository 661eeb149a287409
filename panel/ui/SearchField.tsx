import { ActionIcon, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useWords } from "./language.tsx";

interface SearchFieldProps {
  label: string;
  /** What stands in the field while it is blank; the label without it. */
  hint?: string;
  initial: string;
  onSearch(text: string): void;
}

/** Search that tells what was typed once the typing pauses. */
export function SearchField({ label, hint, initial, onSearch }: SearchFieldProps) {
  const { strings } = useWords();
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
      aria-label={label}
      placeholder={hint ?? label}
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
            aria-label={strings.users.clear}
            onClick={() => write("")}
          >
            <IconX size={14} />
          </ActionIcon>
        )
      }
    />
  );
}
