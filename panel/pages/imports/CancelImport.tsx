import { Button, Group, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import type { Import } from "../../../server/imports/schema.ts";
import { useCancelImport } from "../../api/imports.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** Stops a running import, after asking. */
export function CancelImport({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const [isOpen, dialog] = useDisclosure(false);
  const cancel = useCancelImport(item.id);
  const sayProblem = useSayProblem();
  const text =
    item.bytes.total === null
      ? texts.cancelTextComingIn
      : item.dryRun
        ? texts.cancelTextDryRun
        : texts.cancelText;
  const confirm = () =>
    cancel.mutate(undefined, {
      onSuccess: () =>
        notifications.show({
          message: item.dryRun || item.bytes.total === null ? texts.cancelledTitle : texts.cancelled,
        }),
      onError: sayProblem,
      onSettled: dialog.close,
    });
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {texts.cancel}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={texts.cancelTitle}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <p className="soft">{text}</p>
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={dialog.close} data-autofocus>
            {texts.keepGoing}
          </Button>
          <Button color="red" loading={cancel.isPending} onClick={confirm}>
            {texts.cancel}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
