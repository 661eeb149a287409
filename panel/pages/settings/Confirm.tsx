import { Button, Group, Modal, Stack } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";

interface ConfirmProps {
  title: string;
  text: string;
  /** What the button says that does it. */
  action: string;
  isPending: boolean;
  onConfirm(): void;
  onClose(): void;
}

/** Asks once more before something that cannot be taken back. */
export function Confirm({ title, text, action, isPending, onConfirm, onClose }: ConfirmProps) {
  const { strings } = useWords();
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <Stack gap="md">
        <p>{text}</p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {strings.common.cancel}
          </Button>
          <Button color="red" onClick={onConfirm} loading={isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
