import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import { asProblem } from "../api/problem.ts";
import { useWords } from "./language.tsx";

/** Tells of a failed action in passing: what went wrong in the reader's language, and the server's own sentence. */
export function useSayProblem(): (error: unknown) => void {
  const { strings } = useWords();
  return useCallback(
    (error) => {
      const problem = asProblem(error);
      const known: Record<string, string> = strings.problems;
      notifications.show({
        color: "red",
        title: known[problem.code] ?? strings.problems.title,
        message: problem.detail,
        autoClose: 8000,
        closeButtonProps: { "aria-label": strings.common.close },
      });
    },
    [strings],
  );
}
