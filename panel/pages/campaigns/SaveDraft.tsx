import { UnstyledButton } from "@mantine/core";
import { asProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import type { useAutosave } from "./useAutosave.ts";

/** How the draft stands with the server; it is saved by itself, and at once for whoever wants to be sure. */
export function SaveDraft({ saving }: { saving: ReturnType<typeof useAutosave> }) {
  const { strings } = useWords();
  const texts = strings.campaigns.save;
  const { state, error, flush } = saving;
  // What it failed for is said here.
  const save = () => void flush().catch(() => {});
  // Its place is kept, so that nothing moves with the first words.
  if (state === "untouched") return <span>&nbsp;</span>;
  return (
    <span role="status">
      {state === "saved" && texts.saved}
      {state === "saving" && texts.saving}
      {state === "unsaved" && (
        <>
          {texts.unsaved}{" "}
          <UnstyledButton className="text-link" onClick={save}>
            {texts.action}
          </UnstyledButton>
        </>
      )}
      {state === "failed" && (
        <>
          <span style={{ color: "var(--bad)" }}>
            {texts.failed}: <bdi>{wordsOf(error)}</bdi>
          </span>{" "}
          <UnstyledButton className="text-link" onClick={save}>
            {strings.common.retry}
          </UnstyledButton>
        </>
      )}
    </span>
  );
}

function wordsOf(error: unknown): string {
  const problem = asProblem(error);
  return problem.errors.map(({ detail }) => detail).join("; ") || problem.detail || problem.code;
}
