import { Button, Group, Modal, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useRemoveProvider } from "../../api/providers.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

interface RemoveProviderProps {
  account: ProviderAccount;
  isOpen: boolean;
  onClose(): void;
}

/** Deletes an account after saying what becomes of what it has still to send. */
export function RemoveProvider({ account, isOpen, onClose }: RemoveProviderProps) {
  const { strings } = useWords();
  const texts = strings.providers;
  const remove = useRemoveProvider(account.id);
  const sayProblem = useSayProblem();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notifications.show({ message: texts.removed(account.name) });
        void navigate({ to: "/providers" });
      },
      onError: sayProblem,
    });
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<strong>{texts.removeTitle(account.name)}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <Stack gap="md">
        <p>{texts.removeText}</p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {strings.common.cancel}
          </Button>
          <Button color="red" onClick={confirm} loading={remove.isPending}>
            {texts.remove}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
