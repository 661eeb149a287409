import { ActionIcon, Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCalendar, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { CalendarEntry } from "../../../server/campaigns/schema.ts";
import { useCalendar } from "../../api/campaigns.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { channelIcons } from "../../ui/channels.tsx";
import { dayIn, nextDay } from "../../ui/days.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { type MonthGrid, monthGrid } from "../../ui/months.ts";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "../../ui/States.tsx";
import styles from "./Calendar.module.css";
import { usersOwn } from "./plan.ts";
import { firstClock, useRunFormat } from "./useRunFormat.ts";

/** What went and what is to go, on the days of a month. */
export function CalendarPage() {
  const { strings, format } = useWords();
  const texts = strings.results.calendar;
  const { language } = useLanguage();
  const app = useApp();
  const navigate = useNavigate();
  const today = dayIn(new Date(), app.timeZone);
  const { day = today } = useSearch({ from: "/shell/campaigns/calendar" });
  const month = monthGrid(day, language);
  // A day more at both ends: where that of the app's zone begins is for the entries to say.
  const from = nextDay(month.weeks[0]?.[0] ?? month.first, -1);
  const to = nextDay(month.weeks.at(-1)?.[6] ?? month.last, 2);
  const query = useCalendar(`${from}T00:00:00Z`, `${to}T00:00:00Z`);
  const isNarrow = useMediaQuery("(max-width: 47.99em)", undefined, { getInitialValueInEffect: false });
  const show = (next: string) => void navigate({ to: "/campaigns/calendar", search: { day: next } });
  const byDay = new Map<string, CalendarEntry[]>();
  for (const entry of query.data ?? []) {
    const on = dayIn(new Date(entry.at), isTheirs(entry) ? firstClock : app.timeZone);
    byDay.set(on, [...(byDay.get(on) ?? []), entry]);
  }
  const parts = { month, byDay, today };
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={texts.lead}
        parent={{ title: strings.campaigns.title, to: "/campaigns" }}
      />
      <Card
        title={format.monthName(month.first)}
        actions={
          <div className={styles.turns}>
            <Button variant="default" size="xs" onClick={() => show(today)}>
              {texts.today}
            </Button>
            <ActionIcon
              variant="default"
              aria-label={texts.previous}
              onClick={() => show(nextDay(month.first, -1))}
            >
              <IconChevronLeft size={16} className={styles.turn} />
            </ActionIcon>
            <ActionIcon variant="default" aria-label={texts.next} onClick={() => show(nextDay(month.last))}>
              <IconChevronRight size={16} className={styles.turn} />
            </ActionIcon>
          </div>
        }
      >
        {query.data === undefined ? (
          query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <PageSkeleton />
          )
        ) : isNarrow ? (
          <DayList {...parts} />
        ) : (
          <Grid {...parts} />
        )}
      </Card>
    </>
  );
}

interface MonthProps {
  month: MonthGrid;
  byDay: ReadonlyMap<string, CalendarEntry[]>;
  today: string;
}

/** More would make the row higher than a screen. */
const mostOnDay = 4;

function Grid({ month, byDay, today }: MonthProps) {
  const { strings, format } = useWords();
  const [first = []] = month.weeks;
  return (
    <table className={styles.grid} aria-label={strings.results.calendar.list}>
      <thead>
        <tr>
          {first.map((day) => (
            <th key={day} scope="col">
              {format.weekday(day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {month.weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((day) => (
              <td
                key={day}
                data-other={day < month.first || day > month.last || undefined}
                data-today={day === today || undefined}
              >
                <time dateTime={day} className={styles.number} title={format.calendarDay(day)}>
                  {format.dayOfMonth(day)}
                </time>
                <Entries entries={byDay.get(day) ?? []} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Entries({ entries }: { entries: readonly CalendarEntry[] }) {
  const { strings, format } = useWords();
  const others = entries.length - mostOnDay;
  return (
    <ul className={styles.entries}>
      {entries.slice(0, mostOnDay).map((entry) => (
        <Entry key={`${entry.campaignId} ${entry.at}`} entry={entry} isInCell />
      ))}
      {others > 0 && <li className="faint">{strings.results.calendar.more(format.number(others))}</li>}
    </ul>
  );
}

/** Whether each user's own clock is meant. */
const isTheirs = ({ timeZone }: CalendarEntry): boolean => timeZone === usersOwn;

function Entry({ entry, isInCell = false }: { entry: CalendarEntry; isInCell?: boolean }) {
  const { strings } = useWords();
  const format = useRunFormat(isTheirs(entry));
  const { campaignId, name, channel, status, at, messageId } = entry;
  const Icon = channelIcons[channel];
  const state =
    status === "draft" || status === "scheduled"
      ? strings.campaigns[status]
      : strings.messages.statuses[status];
  const zone = isTheirs(entry) ? `, ${strings.results.calendar.usersTime}` : "";
  return (
    <li>
      <Link
        to="/campaigns/$campaignId"
        params={{ campaignId }}
        search={messageId === null ? {} : { run: messageId }}
        className={`${styles.entry} ${isInCell ? styles.inCell : ""}`}
        data-status={status}
        title={`${name}, ${state}, ${format.dateTime(at)}${zone}`}
      >
        <Icon size={14} stroke={1.7} aria-label={strings.segments.channels[channel]} />
        <time dateTime={at} className="number">
          {format.clock(at)}
        </time>
        <bdi className={`${styles.name} clamp-1`}>{name}</bdi>
        <span className="visually-hidden">{state}</span>
      </Link>
    </li>
  );
}

/** On a phone: the days that have something. */
function DayList({ month, byDay, today }: MonthProps) {
  const { strings, format } = useWords();
  const texts = strings.results.calendar;
  const days = [...byDay.keys()].filter((day) => day >= month.first && day <= month.last).sort();
  if (days.length === 0)
    return (
      <EmptyState icon={<IconCalendar size={22} stroke={1.6} />} title={texts.empty} hint={texts.emptyHint} />
    );
  return (
    <ul className={styles.days} aria-label={texts.list}>
      {days.map((day) => (
        <li key={day}>
          <p className={styles.day} data-today={day === today || undefined}>
            {format.weekday(day)} · {format.calendarDay(day)}
          </p>
          <ul className={styles.entries}>
            {(byDay.get(day) ?? []).map((entry) => (
              <Entry key={`${entry.campaignId} ${entry.at}`} entry={entry} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
