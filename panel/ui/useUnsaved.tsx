import { Button, Group, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { useWords } from "./language.tsx";

interface Unsaved {
  /** To be shown by the page: asks whoever is about to leave. */
  dialog: ReactNode;
  /** Lets go, since what was written is on its way; `hold` takes it back when it was refused. */
  release(): void;
  hold(): void;
}

/** Keeps somebody from leaving a page with what would be lost, until they say that it may. */
export function useUnsaved(isDirty: boolean): Unsaved {
  const { strings } = useWords();
  const texts = strings.unsaved;
  const isReleased = useRef(false);
  const wouldLose = () => isDirty && !isReleased.current;
  const blocker = useBlocker({
    // Another place on the same page, such as a tab in its address, loses nothing.
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && wouldLose(),
    enableBeforeUnload: wouldLose,
    withResolver: true,
  });
  const dialog = blocker.status === "blocked" && (
    <Modal
      opened
      onClose={blocker.reset}
      title={<strong>{texts.title}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <p className="soft">{texts.text}</p>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={blocker.reset} data-autofocus>
          {texts.stay}
        </Button>
        <Button color="red" onClick={blocker.proceed}>
          {texts.leave}
        </Button>
      </Group>
    </Modal>
  );
  return {
    dialog,
    release: () => {
      isReleased.current = true;
    },
    hold: () => {
      isReleased.current = false;
    },
  };
}
