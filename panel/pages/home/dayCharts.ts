import type { Dashboard } from "../../../server/dashboard/schema.ts";
import type { Strings } from "../../strings/en.ts";
import { type ChannelName, channels } from "../../ui/channels.tsx";

type Day = Dashboard["days"][number];

/** One of several numbers of a day. */
interface DaySeries {
  name: string;
  label: string;
  color: string;
}

/** What is drawn of each day. */
export interface DayChartData {
  key: string;
  title: string;
  hint?: string;
  /** Drawn as lines, since they are not what came on a day but how many there were. */
  isLevel?: boolean;
  series: readonly DaySeries[];
  points: readonly (Record<string, number | null> & { day?: never })[];
  days: readonly string[];
  /** Null where it makes no sense. */
  total: number | null;
}

const colorOf = (channel: ChannelName): string => `var(--channel-${channel})`;

/** The charts of the overview, in their order. */
export function dayCharts(days: readonly Day[], strings: Strings): DayChartData[] {
  const texts = strings.home.charts;
  const names = days.map(({ day }) => day);
  const single = (key: "users" | "installations" | "visits" | "uninstalls", color: string): DayChartData => ({
    ...{ key, title: texts[key], days: names, total: sum(days.map((day) => day[key])) },
    series: [{ name: key, label: texts[key], color }],
    points: days.map((day) => ({ [key]: day[key] })),
  });
  const byChannel = (key: "sends" | "failures", number: "sent" | "failed"): DayChartData => {
    const used = channels.filter((channel) => days.some((day) => (day.channels[channel]?.[number] ?? 0) > 0));
    return {
      ...{ key, title: texts[key], days: names, total: sum(days.map((day) => day[number])) },
      series: used.map((name) => ({ name, label: strings.users.channels[name], color: colorOf(name) })),
      points: days.map((day) =>
        Object.fromEntries(used.map((channel) => [channel, day.channels[channel]?.[number] ?? 0])),
      ),
    };
  };
  return [
    byChannel("sends", "sent"),
    {
      ...{ key: "reach", title: texts.reach, hint: texts.reachHint, days: names, isLevel: true, total: null },
      series: channels.map((name) => ({
        ...{ name, label: strings.users.channels[name], color: colorOf(name) },
      })),
      points: days.map(({ reach }) =>
        Object.fromEntries(channels.map((channel) => [channel, reach?.[channel] ?? null])),
      ),
    },
    byChannel("failures", "failed"),
    single("users", "var(--accent)"),
    single("installations", "var(--accent)"),
    single("visits", "var(--accent)"),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Whether there is anything to draw. */
export const isBlank = ({ points }: DayChartData): boolean =>
  points.every((point) => Object.values(point).every((value) => value === null || value === 0));
