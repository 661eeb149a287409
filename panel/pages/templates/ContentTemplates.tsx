import { Button, Group, Menu, Modal, Skeleton, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconDeviceFloppy, IconTemplate } from "@tabler/icons-react";
import { useState } from "react";
import type { CampaignContent } from "../../../server/campaigns/schema.ts";
import { asProblem } from "../../api/problem.ts";
import { useReadTemplate, useSavedTemplates, useSaveTemplate } from "../../api/savedTemplates.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./Templates.module.css";

interface ContentTemplatesProps {
  channel: ChannelName;
  /** What is called like that to begin with. */
  name: string;
  /** What would be saved. */
  content(): CampaignContent;
  onStart(content: CampaignContent): void;
}

/** Starts a content from a template, and makes a template of it. */
export function ContentTemplates(props: ContentTemplatesProps) {
  const { strings } = useWords();
  const texts = strings.templates;
  const [isStarting, starting] = useDisclosure(false);
  const [isSaving, saving] = useDisclosure(false);
  const close = { "aria-label": strings.common.close };
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconTemplate size={14} />}>
            {texts.menu}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTemplate size={15} />} onClick={starting.open}>
            {texts.start}
          </Menu.Item>
          <Menu.Item leftSection={<IconDeviceFloppy size={15} />} onClick={saving.open}>
            {texts.saveAs}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isStarting}
        onClose={starting.close}
        title={<strong>{texts.startTitle}</strong>}
        closeButtonProps={close}
      >
        <Start {...props} onClose={starting.close} />
      </Modal>
      <Modal
        opened={isSaving}
        onClose={saving.close}
        title={<strong>{texts.saveAs}</strong>}
        closeButtonProps={close}
      >
        <SaveAs {...props} onClose={saving.close} />
      </Modal>
    </>
  );
}

type DialogProps = ContentTemplatesProps & { onClose(): void };

function Start({ channel, onStart, onClose }: DialogProps) {
  const { strings } = useWords();
  const texts = strings.templates;
  const [search, setSearch] = useState("");
  const query = useSavedTemplates({ channel, ...(search !== "" && { search }) });
  const found = query.data?.data;
  const read = useReadTemplate();
  const sayProblem = useSayProblem();
  const start = async (id: string) => {
    try {
      const { name, content } = await read(id);
      onStart(content);
      notifications.show({ message: texts.started(name) });
      onClose();
    } catch (error) {
      sayProblem(error);
    }
  };
  return (
    <Stack gap="md">
      <p className="faint">{texts.startHint}</p>
      <SearchField label={texts.search} initial="" onSearch={setSearch} />
      {found === undefined ? (
        query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={120} />
        )
      ) : found.length === 0 ? (
        <p>{search === "" ? texts.startNone(strings.segments.channels[channel]) : texts.none}</p>
      ) : (
        <ul className={styles.choices} aria-label={texts.title}>
          {found.map((template) => (
            <li key={template.id}>
              <UnstyledButton className={styles.choice ?? ""} onClick={() => void start(template.id)}>
                <strong>
                  <bdi>{template.name}</bdi>
                </strong>{" "}
                <span className="faint">
                  <Time iso={template.updatedAt} ago />
                </span>
                <span className="faint clamp-1" dir="auto">
                  {template.content.subject ?? template.content.content}
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}

function SaveAs({ channel, content, onClose, ...props }: DialogProps) {
  const { strings } = useWords();
  const texts = strings.templates;
  const [name, setName] = useState(props.name);
  const save = useSaveTemplate();
  const problem = save.error === null ? null : asProblem(save.error);
  const said = problem && (problem.errors.map(({ detail }) => detail).join("; ") || problem.detail);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          { id: null, draft: { name: name.trim(), channel, content: content() } },
          {
            onSuccess: () => {
              notifications.show({ message: texts.saved });
              onClose();
            },
          },
        );
      }}
    >
      <Stack gap="md">
        <p className="faint">{texts.saveAsHint}</p>
        <TextInput
          label={texts.name}
          data-autofocus
          maxLength={200}
          attributes={{ input: { dir: "auto" } }}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={said}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {texts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
