import { Button } from "@mantine/core";
import { IconList } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { filterOf, useSegment } from "../../api/segments.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { draftKey } from "./keptDraft.ts";
import { SegmentBuilder } from "./SegmentBuilder.tsx";

/** Changes who is in a segment. */
export function EditSegmentPage() {
  const { segmentId } = useParams({ from: "/shell/segments/$segmentId/edit" });
  const { strings } = useWords();
  const texts = strings.segments;
  const { appId } = useApp();
  const query = useSegment(segmentId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  const segment = query.data;
  const filter = filterOf(segment);
  return (
    <>
      <PageHeader title={texts.editTitle(segment.name)} parent={{ title: texts.title, to: "/segments" }} />
      {filter === null ? (
        <Card>
          <EmptyState
            icon={<IconList size={22} stroke={1.6} />}
            title={texts.staticTitle}
            hint={texts.staticHint}
            action={
              <Button component={Link} to={`/segments/${segmentId}`} variant="default">
                {texts.toSegment}
              </Button>
            }
          />
        </Card>
      ) : (
        <SegmentBuilder
          key={segmentId}
          initial={filter}
          draftKey={draftKey(appId, segmentId)}
          segment={segment}
        />
      )}
    </>
  );
}
