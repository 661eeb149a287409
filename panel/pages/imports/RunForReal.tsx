import { Button, Group, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { useImportAgain } from "../../api/imports.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { ConsentBox, consentText } from "./ConsentBox.tsx";
import { channelOf, choicesOf, toRequest } from "./choices.ts";

/** After a dry run: the same file with the same options, this time for real. What was not agreed to yet is asked. */
export function RunForReal({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const navigate = useNavigate();
  const sayProblem = useSayProblem();
  const again = useImportAgain(item);
  const [isOpen, dialog] = useDisclosure(false);
  const [isAgreed, agree] = useState(false);
  const channel = channelOf(item.format, item.options.channel);
  const isAsked = channel !== null && item.consent === null;
  const run = (consent: string | null) =>
    again.mutate(toRequest(choicesOf(item), null, { isDryRun: false, consent }), {
      onSuccess: (created) => {
        notifications.show({ message: texts.runForRealStarted });
        void navigate({ to: "/imports/$importId", params: { importId: created.id } });
      },
      onError: sayProblem,
    });
  return (
    <>
      <Button
        loading={again.isPending}
        onClick={() => (isAsked ? dialog.open() : run(item.consent?.text ?? null))}
      >
        {texts.runForReal}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={texts.consent.title}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <ConsentBox channel={channel} isAgreed={isAgreed} onChange={agree} />
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={dialog.close}>
            {strings.common.cancel}
          </Button>
          <Button
            disabled={!isAgreed}
            loading={again.isPending}
            onClick={() => run(consentText(channel, strings))}
          >
            {texts.runForReal}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
