import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSegment, useSegments } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./CampaignComposer.module.css";

interface SegmentSelectProps {
  /** Id; null before one is chosen. */
  value: string | null;
  onChange(id: string): void;
  error?: string | undefined;
}

/** A saved segment, found by a part of its name. */
export function SegmentSelect({ value, onChange, error }: SegmentSelectProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  const [text, setText] = useState("");
  const chosen = useSegment(value ?? undefined).data;
  const [search] = useDebouncedValue(text === chosen?.name ? "" : text, 250);
  const found = useSegments(search).data?.data ?? [];
  const options = new Map(found.map(({ id, name }) => [id, name]));
  if (value !== null) options.set(value, chosen?.name ?? value);
  return (
    <div className={styles.segment}>
      <Select
        label={texts.segment}
        placeholder={texts.chooseSegment}
        searchable
        allowDeselect={false}
        data={[...options].map(([id, label]) => ({ value: id, label }))}
        // The server has searched.
        filter={({ options: all }) => all}
        nothingFoundMessage={texts.noSegment}
        searchValue={text}
        onSearchChange={setText}
        value={value}
        onChange={(id) => id !== null && onChange(id)}
        error={error}
      />
      <Link to="/segments/new" className="text-link">
        {texts.createSegment}
      </Link>
    </div>
  );
}
