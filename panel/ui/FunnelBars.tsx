import type { DeliveryCounts } from "../../server/deliveries/schema.ts";
import styles from "./FunnelBars.module.css";
import { type FunnelStep, funnelOf, sentOf } from "./funnel.ts";
import { useWords } from "./language.tsx";
import { stateColors } from "./stateColors.ts";

const steps: readonly { step: FunnelStep; color: string }[] = [
  { step: "targeted", color: "var(--state-queued)" },
  { step: "reached", color: stateColors.sent },
  { step: "delivered", color: stateColors.delivered },
  { step: "seen", color: stateColors.seen },
  { step: "clicked", color: stateColors.clicked },
];

/** How many got how far, each step against the first. */
export function FunnelBars({ counts }: { counts: DeliveryCounts }) {
  const { strings, format } = useWords();
  const funnel = funnelOf(counts);
  const texts = strings.messages;
  return (
    <ol className={styles.funnel}>
      {steps.map(({ step, color }, index) => {
        const before = steps[index - 1]?.step;
        const value = funnel[step];
        return (
          <li key={step} className={styles.step}>
            <div className={styles.text}>
              <span className={styles.name}>{texts.steps[step]}</span>
              <span className={`${styles.value} number`}>{format.number(value)}</span>
            </div>
            <div className={styles.track} aria-hidden>
              <Fill value={step === "reached" ? sentOf(counts) : value} of={funnel.targeted} color={color} />
              {step === "reached" && (
                <Fill value={counts.waiting} of={funnel.targeted} color={stateColors.waiting} />
              )}
            </div>
            <p className={`${styles.hint} number`}>
              {before !== undefined &&
                funnel[before] > 0 &&
                texts.stepOf(format.percent(value, funnel[before]), texts.steps[before])}
              {step === "reached" && counts.waiting > 0 && (
                <span>
                  {texts.reachedSplit(format.number(sentOf(counts)), format.number(counts.waiting))}
                </span>
              )}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function Fill(props: { value: number; of: number; color: string }) {
  const share = props.of === 0 ? 0 : (props.value / props.of) * 100;
  return (
    <div
      className={styles.fill}
      style={{ inlineSize: `${share}%`, background: props.color, minInlineSize: props.value > 0 ? 3 : 0 }}
    />
  );
}
