import { ActionIcon, Button, Group, Menu, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRemoveCampaign } from "../../api/campaigns.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayDeleted } from "../../ui/useRestore.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** What else can be done with a draft. */
export function DraftMenu({ id, name }: { id: string; name: string }) {
  const { strings } = useWords();
  const texts = strings.campaigns.remove;
  const [isRemoving, removing] = useDisclosure(false);
  const remove = useRemoveCampaign();
  const sayProblem = useSayProblem();
  const sayDeleted = useSayDeleted();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(id, {
      onSuccess: () => {
        sayDeleted("campaigns", id, texts.removed);
        void navigate({ to: "/campaigns" });
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
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={removing.open}>
            {texts.action}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isRemoving}
        onClose={removing.close}
        title={<strong>{texts.title(name)}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <Stack gap="md">
          <p>
            {texts.text} {strings.common.restorable}
          </p>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={removing.close} data-autofocus>
              {strings.common.cancel}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={confirm}>
              {texts.confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
