import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { EventSelect } from "../behaviours/EventSelect.tsx";

/** Asks which event a ready-made segment is to be about. */
export function PresetEvent({ onChoose }: { onChoose(event: string): void }) {
  const { strings } = useWords();
  const texts = strings.segments;
  const [event, setEvent] = useState<string | undefined>(undefined);
  return (
    <Stack gap="md">
      <EventSelect label={texts.presetEvent} value={event} onChange={setEvent} />
      <Group justify="flex-end">
        <Button disabled={event === undefined} onClick={() => event !== undefined && onChoose(event)}>
          {texts.presetUse}
        </Button>
      </Group>
    </Stack>
  );
}
