import { Badge } from "@mantine/core";
import type { Segment } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";

/** Whether a segment follows its rules or is a list. */
export function KindBadge({ kind }: { kind: Segment["kind"] }) {
  const { strings } = useWords();
  const texts = strings.segments;
  return (
    <Badge variant="light" color={kind === "dynamic" ? "accent" : "gray"} title={texts.kindHints[kind]}>
      {texts.kinds[kind]}
    </Badge>
  );
}
