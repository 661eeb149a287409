import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Message } from "../../../server/messages/schema.ts";
import type { MessageStatistics } from "../../../server/statistics/schema.ts";
import { useStatistics } from "../../api/statistics.ts";
import { Card } from "../../ui/Card.tsx";
import { Chips } from "../../ui/Chips.tsx";
import { useWords } from "../../ui/language.tsx";
import { Averages } from "./Averages.tsx";
import { Influence } from "./Influence.tsx";
import { Platforms } from "./Platforms.tsx";
import { TrendNumbers } from "./TrendNumbers.tsx";
import { type TrendMeasure, trendMeasures } from "./trendMeasures.ts";

// The chart library is larger than the rest of the panel.
const MessageTrend = lazy(async () => ({ default: (await import("./MessageTrend.tsx")).MessageTrend }));

/** What came of a message besides its counts. Nothing where that is not known: the counts stand by themselves. */
export function Statistics({ message }: { message: Message }) {
  const statistics = useStatistics(message.id).data;
  if (statistics === undefined) return null;
  const { influence, platforms } = statistics;
  return (
    <>
      <Averages channel={message.channel} statistics={statistics} />
      <Trend trend={statistics.trend} />
      {platforms.length > 0 && <Platforms platforms={platforms} channel={message.channel} />}
      {influence.events.length > 0 && <Influence influence={influence} />}
    </>
  );
}

/** What happened in each step of time: a chart of one measure, and all numbers. */
function Trend({ trend }: { trend: MessageStatistics["trend"] }) {
  const { strings } = useWords();
  const texts = strings.results.statistics;
  const shown = trendMeasures.filter(
    (name) => name === "sent" || trend.points.some((point) => point[name] > 0),
  );
  const [chosen, setMeasure] = useState<TrendMeasure>("delivered");
  const measure = shown.includes(chosen) ? chosen : "sent";
  return (
    <Card title={texts.trend} hint={texts.trendHint}>
      {trend.points.length === 0 ? (
        <p className="faint">{texts.none}</p>
      ) : (
        <>
          {shown.length > 1 && (
            <Chips<TrendMeasure>
              label={texts.measure}
              data={shown.map((value) => ({ value, label: texts.measures[value] }))}
              value={measure}
              onChange={(value) => setMeasure(value)}
            />
          )}
          <Suspense fallback={<Skeleton height={220} radius="md" mt="md" />}>
            <MessageTrend trend={trend} measure={measure} />
          </Suspense>
          <p className="visually-hidden">{texts.trendNote}</p>
          <TrendNumbers trend={trend} />
        </>
      )}
    </Card>
  );
}
