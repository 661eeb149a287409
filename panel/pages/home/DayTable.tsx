import type { Dashboard } from "../../../server/dashboard/schema.ts";
import { channels } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./DayByDay.module.css";

const columns = ["users", "installations", "visits", "uninstalls"] as const;

/** All numbers of each day, the latest first. */
export function DayTable({ days }: { days: Dashboard["days"] }) {
  const { strings, format } = useWords();
  const texts = strings.home.charts;
  const names = strings.users.channels;
  const used = channels.filter((channel) => days.some((day) => day.channels[channel] !== undefined));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table scrolls, which needs the keyboard, too
    <section className={styles.scroll} aria-label={texts.title} tabIndex={0}>
      <table className={styles.table} aria-label={texts.title}>
        <thead>
          <tr>
            <th scope="col">{texts.day}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {texts[column]}
              </th>
            ))}
            {used.map((channel) => (
              <th key={channel} scope="col">
                {`${strings.home.today.sent}: ${names[channel]}`}
              </th>
            ))}
            <th scope="col">{texts.failures}</th>
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {`${texts.reach}: ${names[channel]}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.day}>
              <th scope="row">{format.calendarDay(day.day)}</th>
              {columns.map((column) => (
                <td key={column}>{format.number(day[column])}</td>
              ))}
              {used.map((channel) => (
                <td key={channel}>{format.number(day.channels[channel]?.sent ?? 0)}</td>
              ))}
              <td>{format.number(day.failed)}</td>
              {channels.map((channel) => (
                <td key={channel}>
                  {day.reach === null ? strings.common.none : format.number(day.reach[channel])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
