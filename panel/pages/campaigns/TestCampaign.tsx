import { Button, Group, Modal, Stack, TagsInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconTestPipe } from "@tabler/icons-react";
import { useState } from "react";
import { nameOf } from "../../../server/users/name-of.ts";
import { useTestCampaign } from "../../api/campaigns.ts";
import { useUsers } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

interface TestCampaignProps {
  /** Saves what is not saved yet. */
  flush(): Promise<string | null>;
  isWritten: boolean;
}

/** Sends the draft to a few users, to see it where they will. */
export function TestCampaign({ flush, isWritten }: TestCampaignProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.test;
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTestPipe size={16} />}
        disabled={!isWritten}
        onClick={dialog.open}
      >
        {texts.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={<strong>{texts.title}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <TestForm flush={flush} onClose={dialog.close} />
      </Modal>
    </>
  );
}

const mostUsers = 20;

function TestForm({ flush, onClose }: { flush: TestCampaignProps["flush"]; onClose(): void }) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.test;
  const test = useTestCampaign();
  const sayProblem = useSayProblem();
  const [users, setUsers] = useState<string[]>([]);
  const [isEmpty, setEmpty] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const found = useUsers(search === "" ? {} : { search }, undefined).data?.data ?? [];
  const names = new Map(found.map(({ userId, attributes }) => [userId, nameOf(attributes)]));

  const submit = async () => {
    if (users.length === 0) return setEmpty(true);
    setSaving(true);
    try {
      const id = await flush();
      if (id === null) return;
      const { count } = await test.mutateAsync({ id, users });
      notifications.show({ message: texts.sent(count, format.number(count)) });
      onClose();
    } catch (error) {
      sayProblem(error);
    } finally {
      setSaving(false);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="md">
        <p>{texts.hint}</p>
        <TagsInput
          label={texts.users}
          description={texts.usersHint}
          data-autofocus
          attributes={{ input: { dir: "auto" } }}
          maxTags={mostUsers}
          limit={8}
          // Without a search it would only cover the button below.
          data={search === "" ? [] : [...names.keys()]}
          // The server has searched.
          filter={({ options }) => options}
          renderOption={({ option }) => (
            <span>
              <bdi>{option.value}</bdi> <span className="faint">{names.get(option.value)}</span>
            </span>
          )}
          searchValue={text}
          onSearchChange={setText}
          value={users}
          onChange={(next) => {
            setEmpty(false);
            setUsers(next);
          }}
          error={isEmpty ? texts.usersRequired : undefined}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={isSaving}>
            {texts.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
