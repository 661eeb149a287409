import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { useImportAgain } from "../../api/imports.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { choicesOf, toRequest } from "./choices.ts";

/** Above this the file is better chosen again than passed through the browser's memory. */
const maxBytes = 200e6;

/** After a dry run: the same file with the same options, this time for real. */
export function RunForReal({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const navigate = useNavigate();
  const sayProblem = useSayProblem();
  const { mutateAsync, isPending } = useImportAgain(item);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  if ((item.bytes.total ?? 0) > maxBytes) {
    return (
      <Button renderRoot={(props) => <Link to="/imports" search={{ again: item.id }} {...props} />}>
        {texts.runForReal}
      </Button>
    );
  }
  const run = () => {
    const running = new AbortController();
    abort.current = running;
    mutateAsync({ request: toRequest(choicesOf(item), null), signal: running.signal })
      .then((created) => {
        notifications.show({ message: texts.runForRealStarted });
        void navigate({ to: "/imports/$importId", params: { importId: created.id } });
      })
      // Whoever left the page stopped it.
      .catch((error) => running.signal.aborted || sayProblem(error));
  };
  return (
    <Button onClick={run} loading={isPending}>
      {texts.runForReal}
    </Button>
  );
}
