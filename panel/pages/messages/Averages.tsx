import type { Channel } from "../../../server/channels/schema.ts";
import type { MessageStatistics } from "../../../server/statistics/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { type RateName, ratesOn } from "../../ui/ratesOf.ts";
import styles from "./Statistics.module.css";

/** As far from the average as is worth a word. */
const near = 0.1;
/** Of fewer messages an average is what happened to happen. */
const fewest = 3;

/** Whether a rate is better than usual. */
function verdictOf(name: RateName, rate: number, usual: number): "better" | "worse" | "same" {
  if (Math.abs(rate - usual) <= usual * near) return "same";
  return rate > usual === (name !== "failed") ? "better" : "worse";
}

/** The rates of a message beside what the app is used to. */
export function Averages({ channel, statistics }: { channel: Channel; statistics: MessageStatistics }) {
  const { rates, average } = statistics;
  const { strings, format } = useWords();
  const texts = strings.results.statistics;
  return (
    <Card
      title={texts.rates}
      hint={
        average === null
          ? texts.noAverage
          : texts.ratesHint(average.messages, format.number(average.messages))
      }
    >
      <dl className={styles.rates}>
        {ratesOn(channel).map((name) => {
          const isUsual = average !== null && average.messages >= fewest;
          const verdict = isUsual ? verdictOf(name, rates[name], average[name]) : "same";
          return (
            <div key={name} className={styles.rate}>
              <dt>{texts.measures[name]}</dt>
              <dd className={`${styles.value} number`}>{format.percent(rates[name], 1)}</dd>
              {average !== null && (
                <dd className={styles.average} data-verdict={verdict}>
                  {texts.average(format.percent(average[name], 1))}
                  {isUsual && <span className={styles.verdict}>{texts[verdict]}</span>}
                </dd>
              )}
            </div>
          );
        })}
      </dl>
    </Card>
  );
}
