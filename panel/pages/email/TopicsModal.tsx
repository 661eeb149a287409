import { Badge, Button, Group, Modal, Stack, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { type TopicDraft, useTopics } from "../../api/topics.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { TopicForm } from "./TopicForm.tsx";
import styles from "./Topics.module.css";
import { titleOf } from "./topicTitle.ts";

/** What readers may choose among, and what they read there. */
export function TopicsModal({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { strings } = useWords();
  const [edited, setEdited] = useState<TopicDraft | null>(null);
  const isNew = edited?.topic === "";
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      onExitTransitionEnd={() => setEdited(null)}
      title={<strong>{strings.email.topic.title}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      {edited === null ? (
        <Topics onEdit={setEdited} />
      ) : (
        <TopicForm initial={edited} isNew={isNew} onClose={() => setEdited(null)} />
      )}
    </Modal>
  );
}

function Topics({ onEdit }: { onEdit(topic: TopicDraft): void }) {
  const { strings } = useWords();
  const texts = strings.email.topic;
  const { language } = useLanguage();
  const topics = useTopics().data ?? [];
  return (
    <Stack gap="md">
      <p className="soft">{texts.lead}</p>
      {topics.length === 0 && <p className="faint">{texts.empty}</p>}
      <ul className={styles.topics}>
        {topics.map((topic) => (
          <li key={topic.topic}>
            <UnstyledButton
              className={styles.topic}
              aria-label={texts.editOne(titleOf(topic, language))}
              onClick={() => onEdit(topic)}
            >
              <span className={styles.name}>
                <bdi>{titleOf(topic, language)}</bdi>
              </span>
              {titleOf(topic, language) !== topic.topic && <bdi className="mono faint">{topic.topic}</bdi>}
              <Badge variant="light" color={topic.isListed ? "green" : "gray"}>
                {topic.isListed ? texts.listedState : texts.hidden}
              </Badge>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Group justify="flex-start">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => onEdit({ topic: "", titles: {}, isListed: true })}
        >
          {texts.add}
        </Button>
      </Group>
    </Stack>
  );
}
