import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { type TopicDraft, useSaveTopic } from "../../api/topics.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { machine } from "../providers/machine.ts";

interface TopicFormProps {
  initial: TopicDraft;
  isNew: boolean;
  onClose(): void;
}

/** What a topic is called, and whether readers may choose it. */
export function TopicForm({ initial, isNew, onClose }: TopicFormProps) {
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
