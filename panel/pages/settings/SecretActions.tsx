import { Button, Group } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { Confirm } from "./Confirm.tsx";

type AskSecret = UseMutationResult<{ secret: string }, Error, void>;

interface SecretActionsProps {
  texts: { showSecret: string; rotate: string; rotateTitle: string; rotateText: string };
  show: AskSecret;
  rotate: AskSecret;
}

/** Shows a secret when somebody asks for it, and replaces it once they are sure. */
export function SecretActions({ texts, show, rotate }: SecretActionsProps) {
  const [isAsking, setAsking] = useState(false);
  const sayProblem = useSayProblem();
  return (
    <>
      <Group gap="xs">
        {show.data === undefined && rotate.data === undefined && (
          <Button
            variant="default"
            loading={show.isPending}
            onClick={() => show.mutate(undefined, { onError: sayProblem })}
          >
            {texts.showSecret}
          </Button>
        )}
        <Button variant="default" onClick={() => setAsking(true)}>
          {texts.rotate}
        </Button>
      </Group>
      {isAsking && (
        <Confirm
          title={texts.rotateTitle}
          text={texts.rotateText}
          action={texts.rotate}
          isPending={rotate.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            rotate.mutate(undefined, { onSuccess: () => setAsking(false), onError: sayProblem })
          }
        />
      )}
    </>
  );
}
