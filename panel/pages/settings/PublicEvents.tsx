import { Button, TagsInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useSaveSettings } from "../../api/settings.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./AppsCard.module.css";

const isEventName = (text: string) => /^[^\s/+#]{1,100}$/.test(text);

/** Names of realtime events that every device may listen to. */
export function PublicEvents({ saved }: { saved: readonly string[] }) {
  const { strings } = useWords();
  const texts = strings.settings.apps;
  const [names, setNames] = useState([...saved]);
  const save = useSaveSettings();
  const sayProblem = useSayProblem();
  const wrong = names.find((name) => !isEventName(name));
  const hasChanged = names.join("\n") !== saved.join("\n");
  const submit = () =>
    save.mutate(
      { publicEvents: names },
      { onSuccess: () => notifications.show({ message: texts.eventsSaved }), onError: sayProblem },
    );
  return (
    <div className={styles.part}>
      <TagsInput
        label={texts.events}
        description={texts.eventsHint}
        inputWrapperOrder={belowInput}
        attributes={{ input: { dir: "auto" } }}
        maxTags={100}
        value={names}
        onChange={setNames}
        error={wrong === undefined ? undefined : texts.eventsWrong(wrong)}
      />
      {hasChanged && (
        <Button
          className={styles.action}
          disabled={wrong !== undefined}
          loading={save.isPending}
          onClick={submit}
        >
          {texts.save}
        </Button>
      )}
    </div>
  );
}
