import { ActionIcon } from "@mantine/core";
import { IconPin, IconPinFilled } from "@tabler/icons-react";
import type { Segment } from "../../../server/segments/schema.ts";
import { useEditSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** Pins a segment to the overview, or takes it off. */
export function PinButton({ segment }: { segment: Pick<Segment, "id" | "name" | "isPinned"> }) {
  const { strings } = useWords();
  const texts = strings.segments;
  const edit = useEditSegment(segment.id);
  const sayProblem = useSayProblem();
  const { isPinned, name } = segment;
  const Icon = isPinned ? IconPinFilled : IconPin;
  const text = isPinned ? texts.unpin(name) : texts.pin(name);
  return (
    <ActionIcon
      variant="subtle"
      color={isPinned ? "accent" : "gray"}
      aria-label={text}
      title={isPinned ? texts.unpinAction : texts.pinAction}
      loading={edit.isPending}
      onClick={() => edit.mutate({ isPinned: !isPinned }, { onError: sayProblem })}
    >
      <Icon size={17} />
    </ActionIcon>
  );
}
