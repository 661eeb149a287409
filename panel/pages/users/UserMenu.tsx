import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconDownload, IconTrash } from "@tabler/icons-react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import type { Erased } from "../../../server/profiles/schema.ts";
import { useApi } from "../../api/context.tsx";
import { useWords } from "../../ui/language.tsx";
import { EraseUser } from "./EraseUser.tsx";

interface UserMenuProps {
  user: UserWithInstallations;
  onErased(erased: Erased): void;
}

/** What a person may ask for: all that is known of them, and that it goes. */
export function UserMenu({ user, onErased }: UserMenuProps) {
  const { strings } = useWords();
  const texts = strings.users;
  const api = useApi();
  const [isAsking, dialog] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={texts.more}>
            <IconDotsVertical size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component="a"
            href={api.link(`/users/${encodeURIComponent(user.userId)}/export`)}
            download
            leftSection={<IconDownload size={15} />}
          >
            {texts.export}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={dialog.open}>
            {texts.erase.action}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <EraseUser user={user} isOpen={isAsking} onClose={dialog.close} onErased={onErased} />
    </>
  );
}
