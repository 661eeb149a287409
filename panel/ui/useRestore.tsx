import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { type Restorable, useUndelete } from "../api/undelete.ts";
import { useWords } from "./language.tsx";
import { useSayProblem } from "./useSayProblem.ts";

/** Brings back what was deleted, and goes there. */
export function useRestore(): (kind: Restorable, id: string) => Promise<void> {
  const { strings } = useWords();
  const { mutateAsync } = useUndelete();
  const sayProblem = useSayProblem();
  const navigate = useNavigate();
  // The page that deleted has gone by then, and callbacks of `mutate` with it.
  return async (kind, id) => {
    try {
      await mutateAsync({ kind, id });
      notifications.show({ message: strings.common.restored });
      await navigate({ to: `/${kind}/${id}` });
    } catch (error) {
      sayProblem(error);
    }
  };
}

/** Tells in passing that something is deleted, with a button that takes it back. */
export function useSayDeleted(): (kind: Restorable, id: string, message: string) => void {
  const { strings } = useWords();
  const restore = useRestore();
  return (kind, id, message) => {
    const toast = `deleted-${id}`;
    const undo = () => {
      notifications.hide(toast);
      void restore(kind, id);
    };
    notifications.show({
      id: toast,
      message: (
        <>
          {message}{" "}
          <Button variant="subtle" size="compact-sm" onClick={undo}>
            {strings.common.undo}
          </Button>
        </>
      ),
      autoClose: 12_000,
      closeButtonProps: { "aria-label": strings.common.close },
    });
  };
}
