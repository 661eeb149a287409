import { Button, Group, Modal, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useEmailHtml } from "../../api/emailPreview.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import type { ComposerValues } from "../campaigns/composerValues.ts";
import { bodyOf } from "./emailSource.ts";

interface ToHtmlProps {
  values: ComposerValues;
  isOpen: boolean;
  onClose(): void;
  onDone(html: string): void;
}

/** Asks before a design is left for HTML, and whether to take it along. */
export function ToHtml({ values, isOpen, onClose, onDone }: ToHtmlProps) {
  const { strings } = useWords();
  const texts = strings.email.compose.switch;
  const htmlOf = useEmailHtml();
  const sayProblem = useSayProblem();
  const [isBusy, setBusy] = useState(false);
  const done = (html: string) => {
    onDone(html);
    onClose();
  };
  const take = async () => {
    const email = values.email === null ? undefined : bodyOf(values.email);
    if (email === undefined) return done("");
    setBusy(true);
    try {
      done((await htmlOf({ email })) ?? "");
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 422)
        notifications.show({ color: "red", message: texts.failed });
      else sayProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<strong>{texts.title}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <Stack gap="md">
        <p>{texts.text}</p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {strings.common.cancel}
          </Button>
          <Button variant="default" onClick={() => done("")}>
            {texts.blank}
          </Button>
          <Button onClick={() => void take()} loading={isBusy}>
            {texts.take}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
