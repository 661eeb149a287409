import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useSegmentGrowth } from "../../api/segments.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";

// The chart library is larger than the rest of the panel.
const GrowthChart = lazy(async () => ({ default: (await import("./GrowthChart.tsx")).GrowthChart }));

const chartHeight = 200;

/** How many users were in a segment, day by day. */
export function Growth({ segmentId }: { segmentId: string }) {
  const { strings, format } = useWords();
  const texts = strings.segments.detail;
  const query = useSegmentGrowth(segmentId);
  const days = query.data ?? [];
  const [first, last] = [days.at(0), days.at(-1)];
  return (
    <Card title={texts.growth} hint={texts.growthHint}>
      {query.data === undefined && query.isError && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton height={chartHeight} role="status" aria-label={strings.common.loading} />}
      {query.data?.length === 0 && <p className="faint">{texts.growthNone}</p>}
      {first !== undefined && last !== undefined && (
        <>
          <Suspense fallback={<Skeleton height={chartHeight} />}>
            <GrowthChart days={days} height={chartHeight} />
          </Suspense>
          <p className="visually-hidden">
            {texts.growthSentence(
              format.calendarDay(first.day),
              format.calendarDay(last.day),
              format.number(first.users),
              format.number(last.users),
            )}
          </p>
        </>
      )}
    </Card>
  );
}
