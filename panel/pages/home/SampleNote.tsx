import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFlask } from "@tabler/icons-react";
import type { Sample } from "../../../server/sample/schema.ts";
import { useRemoveSample } from "../../api/sample.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { Confirm } from "../settings/Confirm.tsx";
import styles from "./SampleNote.module.css";

/** That there are sample data, and how they go again. */
export function SampleNote({ sample }: { sample: Sample }) {
  const { strings } = useWords();
  const texts = strings.home.sample;
  const [isOpen, dialog] = useDisclosure(false);
  const remove = useRemoveSample();
  const sayProblem = useSayProblem();
  if (sample.status !== "there" && sample.status !== "removing" && sample.userId === null) return null;
  if (sample.status === "importing") return null;
  return (
    <div className={styles.note} role="status">
      <IconFlask size={17} aria-hidden className={styles.icon} />
      <span className={styles.text}>{sample.status === "removing" ? texts.removing : texts.there}</span>
      {sample.status !== "removing" && (
        <Button size="xs" variant="default" onClick={dialog.open}>
          {texts.remove}
        </Button>
      )}
      {isOpen && (
        <Confirm
          title={texts.removeTitle}
          text={texts.removeText}
          action={texts.remove}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate(undefined, { onError: sayProblem, onSettled: dialog.close })}
          onClose={dialog.close}
        />
      )}
    </div>
  );
}
