import { Badge, Button, Checkbox, Group, Modal, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { type TopicDraft, useSaveTopic, useTopics } from "../../api/topics.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { machine } from "../providers/machine.ts";
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

function TopicForm({ initial, isNew, onClose }: { initial: TopicDraft; isNew: boolean; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.email.topic;
  const save = useSaveTopic();
  const sayProblem = useSayProblem();
  const [topic, setTopic] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const isNamed = /^[\p{L}\p{N}._-]{1,128}$/u.test(topic.topic.trim());
  const title = (language: "en" | "fa") => ({
    dir: language === "fa" ? "rtl" : "ltr",
    maxLength: 100,
    value: topic.titles[language] ?? "",
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setTopic({ ...topic, titles: { ...topic.titles, [language]: currentTarget.value } }),
  });
  const submit = () => {
    setChecked(true);
    if (isNew && !isNamed) return;
    const { en = "", fa = "" } = topic.titles;
    const titles = { ...(en.trim() && { en: en.trim() }), ...(fa.trim() && { fa: fa.trim() }) };
    save.mutate(
      { ...topic, topic: topic.topic.trim(), titles },
      {
        onSuccess: () => {
          notifications.show({ message: texts.saved });
          onClose();
        },
        onError: sayProblem,
      },
    );
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // A dialog in a form in the page: its events come up through the tree of components.
        event.stopPropagation();
        submit();
      }}
    >
      <Stack gap="md">
        {isNew ? (
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            inputWrapperOrder={belowInput}
            withAsterisk
            data-autofocus
            attributes={machine}
            maxLength={128}
            value={topic.topic}
            onChange={({ currentTarget }) => setTopic({ ...topic, topic: currentTarget.value })}
            error={isChecked && !isNamed ? texts.nameWrong : null}
          />
        ) : (
          <bdi className="mono faint">{topic.topic}</bdi>
        )}
        <TextInput label={texts.en} {...title("en")} />
        <TextInput label={texts.fa} {...title("fa")} />
        <Checkbox
          label={texts.listed}
          checked={topic.isListed}
          onChange={({ currentTarget }) => setTopic({ ...topic, isListed: currentTarget.checked })}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {texts.back}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {texts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
