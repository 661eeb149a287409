import { useMemo } from "react";
import type { Channel } from "../../../server/channels/schema.ts";
import type { MessageStatistics } from "../../../server/statistics/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { ratesOf } from "../../ui/ratesOf.ts";
import { DeliverySummary } from "./DeliverySummary.tsx";

type Platform = MessageStatistics["platforms"][number];

/** How it goes on each kind of device. */
export function Platforms({ platforms, channel }: { platforms: readonly Platform[]; channel: Channel }) {
  const { strings, format } = useWords();
  const texts = strings.results.statistics;
  const columns = useMemo<Column<Platform>[]>(() => {
    const known: Readonly<Record<string, string>> = strings.users.platforms;
    return [
      {
        key: "platform",
        title: texts.platform,
        render: ({ platform }) =>
          platform === "unknown" ? (
            <span title={texts.unknownPlatformHint}>{texts.unknownPlatform}</span>
          ) : (
            (known[platform] ?? <bdi>{platform}</bdi>)
          ),
      },
      {
        key: "deliveries",
        title: strings.campaigns.deliveries,
        width: "12rem",
        render: ({ counts }) => <DeliverySummary counts={counts} channel={channel} />,
      },
      ...(["seen", "clicked", "failed"] as const).map(
        (name): Column<Platform> => ({
          key: name,
          title: texts.measures[name],
          width: "5rem",
          isNumber: true,
          render: ({ counts }) => {
            const { value, of } = ratesOf(counts)[name];
            return of === 0 ? strings.common.none : format.percent(value, of);
          },
        }),
      ),
    ];
  }, [strings, texts, format, channel]);
  return (
    <Card flush title={texts.platforms}>
      <DataTable
        label={texts.platforms}
        columns={columns}
        rows={platforms}
        rowKey={({ platform }) => platform}
      />
    </Card>
  );
}
