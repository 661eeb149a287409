import { Select } from "@mantine/core";
import { useTopics } from "../../api/topics.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { titleOf } from "../email/topicTitle.ts";

interface TopicSelectProps {
  /** Null before one is chosen. */
  value: string | null;
  onChange(topic: string): void;
  error?: string | undefined;
}

/** A topic of the app. */
export function TopicSelect({ value, onChange, error }: TopicSelectProps) {
  const { strings } = useWords();
  const { language } = useLanguage();
  const texts = strings.plan.topic;
  const topics = useTopics().data ?? [];
  const data = topics.map((topic) => ({ value: topic.topic, label: titleOf(topic, language) }));
  const isMissing = value !== null && !topics.some(({ topic }) => topic === value);
  return (
    <Select
      label={texts.label}
      description={texts.hint}
      inputWrapperOrder={belowInput}
      placeholder={texts.choose}
      searchable
      allowDeselect={false}
      data={isMissing ? [{ value, label: value }, ...data] : data}
      nothingFoundMessage={texts.none}
      value={value}
      onChange={(topic) => topic !== null && onChange(topic)}
      error={error}
    />
  );
}
