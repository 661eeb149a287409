import type { Filter } from "../../api/segments.ts";
import { useApp } from "../../ui/appContext.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { draftKey } from "./keptDraft.ts";
import { SegmentBuilder } from "./SegmentBuilder.tsx";

const everyone: Filter = { segment: { all: [] } };

/** Describe whom you want to reach, see at once how many they are, and save it or send to them. */
export function NewSegmentPage() {
  const { strings } = useWords();
  const texts = strings.segments;
  const { appId } = useApp();
  return (
    <>
      <PageHeader title={texts.newTitle} parent={{ title: texts.title, to: "/segments" }} />
      <SegmentBuilder key={appId} initial={everyone} draftKey={draftKey(appId)} segment={null} />
    </>
  );
}
