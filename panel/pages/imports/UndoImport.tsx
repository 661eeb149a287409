import { Button, Group, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Import } from "../../../server/imports/schema.ts";
import { useUndoImport } from "../../api/imports.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./UndoImport.module.css";

/** Takes back what only this import created, after saying what that is. */
export function UndoImport({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports.undo;
  const [isOpen, dialog] = useDisclosure(false);
  const undo = useUndoImport(item.id);
  const sayProblem = useSayProblem();
  const confirm = () => undo.mutate(undefined, { onError: sayProblem, onSettled: dialog.close });
  const { updated } = item.rows;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {texts.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={texts.title}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <p className="soft">{texts.text}</p>
        {item.segment !== null && <p className={`soft ${styles.kept}`}>{texts.segment(item.segment.name)}</p>}
        {updated > 0 && (
          <p className={`soft ${styles.kept}`}>{texts.kept(updated, format.number(updated))}</p>
        )}
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={dialog.close} data-autofocus>
            {texts.keep}
          </Button>
          <Button color="red" loading={undo.isPending} onClick={confirm}>
            {texts.confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
