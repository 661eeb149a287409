import { Select } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { useTags } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";

/** Of more a list to scroll through is no help; typing narrows it. */
const shownTags = 100;

/** Chooses a tag to filter by. What is chosen stands among the filters and not here. */
export function TagFilter({ onChoose }: { onChoose(tag: string): void }) {
  const { strings } = useWords();
  const texts = strings.users;
  const [text, setText] = useState("");
  const tags = useTags().data ?? [];
  return (
    <Select
      aria-label={texts.tagFilter}
      placeholder={texts.tagFilter}
      leftSection={<IconTag size={16} />}
      searchable
      searchValue={text}
      onSearchChange={setText}
      data={tags}
      limit={shownTags}
      nothingFoundMessage={tags.length === 0 ? texts.noTagsYet : texts.noSuchTag}
      value={null}
      onChange={(tag) => {
        setText("");
        if (tag !== null) onChoose(tag);
      }}
    />
  );
}
