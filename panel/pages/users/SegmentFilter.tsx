import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconTargetArrow } from "@tabler/icons-react";
import { useState } from "react";
import { useSegments } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";

/** Chooses a segment to filter by. What is chosen stands among the filters and not here. */
export function SegmentFilter({ onChoose }: { onChoose(segmentId: string): void }) {
  const { strings } = useWords();
  const texts = strings.users;
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text, 250);
  const segments = useSegments(search).data?.data ?? [];
  return (
    <Select
      aria-label={texts.segmentFilter}
      placeholder={texts.segmentFilter}
      leftSection={<IconTargetArrow size={16} />}
      searchable
      searchValue={text}
      onSearchChange={setText}
      data={segments.map(({ id, name }) => ({ value: id, label: name }))}
      // The server has searched.
      filter={({ options }) => options}
      nothingFoundMessage={search === "" ? texts.noSegments : texts.noSuchSegment}
      value={null}
      onChange={(id) => {
        setText("");
        if (id !== null) onChoose(id);
      }}
    />
  );
}
