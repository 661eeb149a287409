import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import {
  IconBrandWhatsapp,
  IconCopy,
  IconCursorText,
  IconDotsVertical,
  IconDownload,
  IconSpeakerphone,
  IconTrash,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { SegmentDetail } from "../../../server/segments/schema.ts";
import { useApi } from "../../api/context.tsx";
import { useDuplicateSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { RemoveSegment } from "./RemoveSegment.tsx";
import { RenameSegment } from "./RenameSegment.tsx";

/** What else can be done with a segment. */
export function SegmentMenu({ segment }: { segment: SegmentDetail }) {
  const { strings } = useWords();
  const texts = strings.segments.detail;
  const api = useApi();
  const duplicate = useDuplicateSegment(segment.id);
  const sayProblem = useSayProblem();
  const navigate = useNavigate();
  const [isRenaming, renaming] = useDisclosure(false);
  const [isRemoving, removing] = useDisclosure(false);
  const copy = () =>
    duplicate.mutate(undefined, {
      onSuccess: (made) => {
        notifications.show({ message: texts.duplicated(made.name) });
        void navigate({ to: "/segments/$segmentId", params: { segmentId: made.id } });
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
            renderRoot={(props) => <Link to="/campaigns/new" search={{ segment: segment.id }} {...props} />}
          >
            {strings.campaigns.create}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconBrandWhatsapp size={15} />}
            renderRoot={(props) => (
              <Link to="/campaigns/new" search={{ channel: "whatsapp", segment: segment.id }} {...props} />
            )}
          >
            {strings.whatsapp.start}
          </Menu.Item>
          <Menu.Item leftSection={<IconCursorText size={15} />} onClick={renaming.open}>
            {texts.rename}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={copy} disabled={duplicate.isPending}>
            {texts.duplicate}
          </Menu.Item>
          <Menu.Item
            component="a"
            href={api.link(`/segments/${encodeURIComponent(segment.id)}/users.csv`)}
            download
            leftSection={<IconDownload size={15} />}
          >
            {strings.common.download}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={removing.open}>
            {texts.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RenameSegment segment={segment} isOpen={isRenaming} onClose={renaming.close} />
      <RemoveSegment segment={segment} isOpen={isRemoving} onClose={removing.close} />
    </>
  );
}
