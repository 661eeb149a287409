import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconTestPipe } from "@tabler/icons-react";
import { useState } from "react";
import type { ListedUser } from "../../../server/installations/user-schema.ts";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { nameOf } from "../../../server/users/name-of.ts";
import { useTestProvider } from "../../api/providers.ts";
import { useUsers } from "../../api/users.ts";
import { useApp } from "../../ui/appContext.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { TestResults } from "./TestResults.tsx";

/** Sends a message to one user through this account, whatever the others of its channel are. */
export function TestProvider({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.providers.test;
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconTestPipe size={16} />} onClick={dialog.open}>
        {texts.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        size="lg"
        title={<strong>{texts.title}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <TestForm account={account} onClose={dialog.close} />
      </Modal>
    </>
  );
}

/** What devices are tagged with that are there to be tried on. */
const testTag = "CHABOK_TEST";

function TestForm({ account, onClose }: { account: ProviderAccount; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.providers.test;
  const app = useApp();
  const test = useTestProvider(account.id);
  const sayProblem = useSayProblem();
  const [userId, setUserId] = useState<string | null>(null);
  const [title, setTitle] = useState("");
  const [content, setContent] = useState<string>(texts.sample);
  const [isChecked, setChecked] = useState(false);
  const hasTitle = account.channel === "push" || account.channel === "email";
  const submit = () => {
    setChecked(true);
    if (userId === null || content.trim() === "") return;
    test.mutate(
      { userId, content: content.trim(), ...(hasTitle && title.trim() && { title: title.trim() }) },
      { onError: sayProblem },
    );
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        <p>{texts.hint}</p>
        <UserSelect
          userId={userId}
          onChoose={setUserId}
          error={isChecked && userId === null ? texts.userRequired : null}
        />
        {hasTitle && (
          <TextInput
            label={texts.subject}
            description={
              account.channel === "push" ? strings.campaigns.fields.notificationTitleHint : undefined
            }
            inputWrapperOrder={belowInput}
            placeholder={app.name}
            attributes={{ input: { dir: "auto" } }}
            maxLength={200}
            value={title}
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          />
        )}
        <Textarea
          label={texts.text}
          withAsterisk
          attributes={{ input: { dir: "auto" } }}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={1000}
          value={content}
          onChange={({ currentTarget }) => setContent(currentTarget.value)}
          error={isChecked && content.trim() === "" ? strings.campaigns.fields.textRequired : null}
        />
        {test.data !== undefined && !test.isPending && <TestResults results={test.data} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.close}
          </Button>
          <Button type="submit" loading={test.isPending}>
            {test.data === undefined ? texts.confirm : texts.again}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface UserSelectProps {
  userId: string | null;
  onChoose(userId: string | null): void;
  error: string | null;
}

const mostOffered = 8;

/** One user, by a search; before there is one, those whose devices are there to be tried on. */
function UserSelect({ userId, onChoose, error }: UserSelectProps) {
  const { strings } = useWords();
  const texts = strings.providers.test;
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  // What was chosen stands in the field, too; that is no search.
  const isSearch = search !== "" && search !== userId;
  const testers = useUsers({ tag: testTag }, undefined).data?.data ?? [];
  const found = useUsers(isSearch ? { search } : {}, undefined).data?.data ?? [];
  const offered = (isSearch || testers.length === 0 ? found : testers).slice(0, mostOffered);
  const names = new Map(
    [...testers, ...found].map((user: ListedUser) => [user.userId, nameOf(user.attributes)]),
  );
  const ids = offered.map((user) => user.userId);
  const options = userId === null || ids.includes(userId) ? ids : [userId, ...ids];
  return (
    <Select
      label={texts.user}
      description={isSearch || testers.length === 0 ? texts.userHint : texts.testersHint}
      inputWrapperOrder={belowInput}
      withAsterisk
      searchable
      data-autofocus
      attributes={{ input: { dir: "auto" } }}
      data={options}
      // The server has searched.
      filter={({ options: all }) => all}
      renderOption={({ option }) => (
        <span>
          <bdi>{option.value}</bdi> <span className="faint">{names.get(option.value)}</span>
        </span>
      )}
      nothingFoundMessage={texts.noUser}
      searchValue={text}
      onSearchChange={setText}
      value={userId}
      onChange={onChoose}
      error={error}
    />
  );
}
