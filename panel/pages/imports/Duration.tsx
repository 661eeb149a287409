import type { Import } from "../../../server/imports/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { useNow } from "../../ui/useNow.ts";

/** How long the import took, or has been taking. */
export function Duration({ item }: { item: Pick<Import, "startedAt" | "endedAt"> }) {
  const { strings, format } = useWords();
  const now = useNow(1000);
  if (item.startedAt === null) return <span className="faint">{strings.common.none}</span>;
  const end = item.endedAt === null ? now : Date.parse(item.endedAt);
  const seconds = (end - Date.parse(item.startedAt)) / 1000;
  return (
    <span className="number">
      {item.endedAt !== null && seconds < 1 ? strings.imports.underSecond : format.duration(seconds)}
    </span>
  );
}
