import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { Dashboard } from "../../../server/dashboard/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./Today.module.css";

const measures = ["users", "installations", "visits", "sent", "delivered", "failed", "uninstalls"] as const;
type Measure = (typeof measures)[number];

/** More of these is worse. */
const isBad = (measure: Measure) => measure === "failed" || measure === "uninstalls";

/** Numbers of today beside those of yesterday up to the same time of day. */
export function Today({ today, yesterday }: Dashboard["sofar"]) {
  const { strings, format } = useWords();
  const texts = strings.home.today;
  return (
    <section className={styles.today} aria-label={texts.title}>
      <h2 className={styles.title}>{texts.title}</h2>
      <dl className={styles.numbers}>
        {measures.map((measure) => (
          <div key={measure} className={styles.tile}>
            <dt className={styles.name}>{texts[measure]}</dt>
            <dd className={styles.value}>
              <span className={`${styles.number} number`}>{format.number(today[measure])}</span>
              <Change now={today[measure]} before={yesterday[measure]} isBad={isBad(measure)} />
            </dd>
            <dd className={`${styles.before} faint`}>{texts.yesterday(format.number(yesterday[measure]))}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Change({ now, before, isBad }: { now: number; before: number; isBad: boolean }) {
  const { strings, format } = useWords();
  const texts = strings.home.today;
  // Of nothing there is no share.
  if (now === before || before === 0) return null;
  const isMore = now > before;
  const percent = format.percent(Math.abs(now - before), before);
  const Icon = isMore ? IconArrowUp : IconArrowDown;
  return (
    <span
      className={`${styles.change} ${isMore === isBad ? styles.worse : styles.better} number`}
      title={isMore ? texts.more(percent) : texts.less(percent)}
    >
      <Icon size={13} stroke={2.2} aria-hidden />
      <span className="visually-hidden">{isMore ? texts.more(percent) : texts.less(percent)}</span>
      <span aria-hidden>{percent}</span>
    </span>
  );
}
