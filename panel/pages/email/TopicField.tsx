import { Button, Group, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTopics } from "../../api/topics.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { TopicsModal } from "./TopicsModal.tsx";
import { titleOf } from "./topicTitle.ts";

/** What a message is about, so that readers can leave the one and keep the other. */
export function TopicField({ topic, onChange }: { topic: string; onChange(topic: string): void }) {
  const { strings } = useWords();
  const texts = strings.email.topic;
  const { language } = useLanguage();
  const [isOpen, dialog] = useDisclosure(false);
  const topics = useTopics().data ?? [];
  const data = topics.map((item) => ({ value: item.topic, label: titleOf(item, language) }));
  const isKnown = topic === "" || topics.some((item) => item.topic === topic);
  return (
    <div>
      <Select
        label={texts.label}
        description={texts.hint}
        inputWrapperOrder={belowInput}
        placeholder={texts.default}
        clearable
        clearButtonProps={{ "aria-label": texts.default }}
        data={isKnown ? data : [...data, { value: topic, label: topic }]}
        value={topic === "" ? null : topic}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
      <Group justify="flex-start" mt={4}>
        <Button variant="subtle" size="compact-xs" onClick={dialog.open}>
          {texts.edit}
        </Button>
      </Group>
      <TopicsModal isOpen={isOpen} onClose={dialog.close} />
    </div>
  );
}
