import type { CSSProperties } from "react";
import type { Cohorts } from "../../../server/events/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./HeatTable.module.css";
import { intervalText } from "./intervalText.ts";
import { largestShare, type Retention, rowOf, shareOf, together } from "./retention.ts";
import type { cohortIntervals } from "./settings.ts";

interface HeatTableProps {
  cohorts: Cohorts["cohorts"];
  /** End of the range. */
  to: string;
  interval: (typeof cohortIntervals)[number];
  show: "percent" | "users";
}

const dayMs = 86_400_000;

/** A row for each cohort, a column for each interval since; the more came back, the stronger the shade. */
export function HeatTable({ cohorts, to, interval, show }: HeatTableProps) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const all = together(cohorts);
  const most = largestShare(cohorts);
  // A range that ends now ends amid an interval.
  // Within a year no two days are written alike without it, and a phone has little room.
  const isWithinYear = Date.parse(cohorts.at(-1)?.at ?? to) - Date.parse(cohorts[0]?.at ?? to) < 360 * dayMs;
  const isShort = isWithinYear && interval !== "month";
  const isRunning = Date.parse(to) > Date.now() - 60_000;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, which needs the keyboard, too
    <section className={styles.scroll} aria-label={texts.cohort} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {texts.cohortSizes[interval]}
            </th>
            <th scope="col" rowSpan={2} className={styles.size}>
              {texts.users}
            </th>
            <th scope="colgroup" colSpan={all.cells.length} className={styles.later}>
              {texts.later[interval]}
            </th>
          </tr>
          <tr>
            {all.cells.map((_, later) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <th key={later} scope="col" className={styles.number}>
                {format.number(later)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row title={texts.everyCohort} row={all} most={most} show={show} isAll />
          {cohorts.map((cohort) => (
            <Row
              key={cohort.at}
              title={isShort ? format.shortDate(cohort.at) : intervalText(cohort.at, interval, format)}
              row={rowOf(cohort)}
              most={most}
              show={show}
              isRunning={isRunning}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  title: string;
  row: Retention;
  /** The share with the strongest shade. */
  most: number;
  show: "percent" | "users";
  isAll?: boolean;
  /** The last interval is not over yet. */
  isRunning?: boolean;
}

function Row({ title, row, most, show, isAll, isRunning }: RowProps) {
  const { strings, format } = useWords();
  return (
    <tr className={isAll ? styles.all : undefined}>
      <th scope="row">{title}</th>
      <td className={styles.size}>{format.number(row.users)}</td>
      {row.cells.map((cell, later) => {
        const percent = format.percent(cell.returned, cell.of);
        const shade = most === 0 ? 0 : shareOf(cell) / most;
        const isLast = isRunning && later === row.cells.length - 1;
        return (
          <td
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            key={later}
            className={`${styles.cell} ${isLast ? styles.running : ""}`}
            // A custom property, which React's type does not know.
            style={{ "--shade": `${Math.round(shade * 100)}%` } as CSSProperties}
            title={strings.behaviours.cellOf(percent, format.number(cell.returned), format.number(cell.of))}
          >
            {cell.of === 0
              ? strings.common.none
              : show === "percent"
                ? percent
                : format.number(cell.returned)}
          </td>
        );
      })}
    </tr>
  );
}
