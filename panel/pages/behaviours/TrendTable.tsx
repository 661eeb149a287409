import type { Series } from "../../../server/events/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { intervalText } from "./intervalText.ts";
import styles from "./TrendTable.module.css";

/** Every interval with all its numbers, the latest first. */
export function TrendTable({ series }: { series: Series }) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const none = <span className="faint">{strings.common.none}</span>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table scrolls, which needs the keyboard, too
    <section className={styles.scroll} aria-label={texts.numbers} tabIndex={0}>
      <table className={styles.table} aria-label={series.name}>
        <thead>
          <tr>
            <th scope="col">{texts.begins[series.interval]}</th>
            <th scope="col">{texts.count}</th>
            <th scope="col">{texts.users}</th>
            <th scope="col">{texts.sum}</th>
            <th scope="col">{texts.average}</th>
          </tr>
        </thead>
        <tbody>
          {series.points.toReversed().map(({ at, count, users, sum, average }) => (
            <tr key={at}>
              <th scope="row">
                <time dateTime={at}>{intervalText(at, series.interval, format)}</time>
              </th>
              <td>{format.number(count)}</td>
              <td>{format.number(users)}</td>
              <td>{average === null ? none : format.decimal(sum)}</td>
              <td>{average === null ? none : format.decimal(average)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
