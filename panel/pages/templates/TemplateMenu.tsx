import { ActionIcon, Button, Group, Menu, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconSpeakerphone, IconTrash } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { SavedTemplate } from "../../../server/campaigns/templates/schema.ts";
import { useRemoveTemplate } from "../../api/savedTemplates.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayDeleted } from "../../ui/useRestore.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** What else can be done with a template. */
export function TemplateMenu({ template }: { template: SavedTemplate }) {
  const { strings } = useWords();
  const texts = strings.templates;
  const [isRemoving, removing] = useDisclosure(false);
  const remove = useRemoveTemplate();
  const sayProblem = useSayProblem();
  const sayDeleted = useSayDeleted();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(template.id, {
      onSuccess: () => {
        sayDeleted("templates", template.id, texts.removed);
        void navigate({ to: "/templates" });
      },
      onError: sayProblem,
    });
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={strings.users.more}>
            <IconDotsVertical size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconSpeakerphone size={15} />}
            renderRoot={(props) => (
              <Link
                to="/campaigns/new"
                search={{ template: template.id, channel: template.channel }}
                {...props}
              />
            )}
          >
            {texts.use}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={removing.open}>
            {texts.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isRemoving}
        onClose={removing.close}
        title={<strong>{texts.removeTitle(template.name)}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <Stack gap="md">
          <p>
            {texts.removeText} {strings.common.restorable}
          </p>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={removing.close} data-autofocus>
              {strings.common.cancel}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={confirm}>
              {texts.remove}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
