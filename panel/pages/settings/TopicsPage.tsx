import { ActionIcon, Badge, Button, Modal, Skeleton, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconPlus, IconTag, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Topic } from "../../../server/installations/topic-schema.ts";
import { type TopicDraft, useForgetTopic, useTopics } from "../../api/topics.ts";
import { Card } from "../../ui/Card.tsx";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { TopicForm } from "../email/TopicForm.tsx";
import { titleOf } from "../email/topicTitle.ts";
import { Confirm } from "./Confirm.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";
import styles from "./TopicsPage.module.css";

const blank: TopicDraft = { topic: "", titles: {}, isListed: true };

/** What topics are called, and which of them readers may choose. */
export function TopicsPage() {
  const { strings } = useWords();
  const texts = strings.settings.topics;
  const query = useTopics();
  const [edited, setEdited] = useState<TopicDraft | null>(null);
  const [removed, setRemoved] = useState<Topic | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited(blank)}>
      {strings.email.topic.add}
    </Button>
  );
  const topics = query.data;
  return (
    <SettingsFrame title={texts.title} lead={texts.lead} actions={topics?.length ? add : undefined}>
      <Card flush>
        {topics === undefined ? (
          query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <Skeleton height={96} role="status" aria-label={strings.common.loading} />
          )
        ) : topics.length === 0 ? (
          <EmptyState
            icon={<IconTag size={22} stroke={1.6} />}
            title={strings.email.topic.empty}
            hint={texts.emptyHint}
            action={add}
          />
        ) : (
          <ul className={styles.topics}>
            {topics.map((topic) => (
              <TopicRow
                key={topic.topic}
                topic={topic}
                onEdit={() => setEdited(topic)}
                onRemove={() => setRemoved(topic)}
              />
            ))}
          </ul>
        )}
      </Card>
      <TopicDialog edited={edited} onClose={() => setEdited(null)} />
      {removed !== null && <RemoveTopic topic={removed} onClose={() => setRemoved(null)} />}
    </SettingsFrame>
  );
}

function TopicRow({ topic, onEdit, onRemove }: { topic: Topic; onEdit(): void; onRemove(): void }) {
  const { strings } = useWords();
  const texts = strings.settings.topics;
  const { language } = useLanguage();
  const title = titleOf(topic, language);
  // One that is only in use has nothing that could be taken back.
  const isNamed = Object.keys(topic.titles).length > 0 || topic.isListed;
  return (
    <li className={styles.topic}>
      <span className={styles.names}>
        <strong>
          <bdi>{title}</bdi>
        </strong>
        {title !== topic.topic && <bdi className="mono faint">{topic.topic}</bdi>}
      </span>
      <span className={styles.end}>
        {topic.isInUse && (
          <Badge variant="light" color="blue">
            {texts.inUse}
          </Badge>
        )}
        <Badge variant="light" color={topic.isListed ? "green" : "gray"}>
          {topic.isListed ? strings.email.topic.listedState : strings.email.topic.hidden}
        </Badge>
        <span className={styles.actions}>
          <Tooltip label={strings.email.topic.editOne(title)}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={strings.email.topic.editOne(title)}
              onClick={onEdit}
            >
              <IconPencil size={16} />
            </ActionIcon>
          </Tooltip>
          {isNamed && (
            <Tooltip label={texts.remove(title)}>
              <ActionIcon variant="subtle" color="red" aria-label={texts.remove(title)} onClick={onRemove}>
                <IconTrash size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      </span>
    </li>
  );
}

function TopicDialog({ edited, onClose }: { edited: TopicDraft | null; onClose(): void }) {
  const { strings } = useWords();
  const { language } = useLanguage();
  if (edited === null) return null;
  const isNew = edited.topic === "";
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        <strong>
          {isNew ? strings.email.topic.add : strings.email.topic.editOne(titleOf(edited, language))}
        </strong>
      }
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <TopicForm initial={edited} isNew={isNew} onClose={onClose} />
    </Modal>
  );
}

function RemoveTopic({ topic, onClose }: { topic: Topic; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.settings.topics;
  const { language } = useLanguage();
  const forget = useForgetTopic();
  const sayProblem = useSayProblem();
  const title = titleOf(topic, language);
  return (
    <Confirm
      title={texts.removeTitle(title)}
      text={texts.removeText}
      action={texts.removeConfirm}
      isPending={forget.isPending}
      onClose={onClose}
      onConfirm={() =>
        forget.mutate(topic.topic, {
          onSuccess: () => {
            notifications.show({ message: texts.removed(title) });
            onClose();
          },
          onError: sayProblem,
        })
      }
    />
  );
}
