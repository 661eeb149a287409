import type { Channel } from "../../server/channels/schema.ts";
import type { DeliveryCounts } from "../../server/deliveries/schema.ts";
import { isByPhone } from "./channels.tsx";
import styles from "./FunnelBars.module.css";
import { type FunnelStep, funnelOf, sentOf } from "./funnel.ts";
import { useWords } from "./language.tsx";
import { stateColors } from "./stateColors.ts";
import { stateWords } from "./stateWords.ts";

interface Bar {
  step: FunnelStep;
  color: string;
}

const steps: readonly Bar[] = [
  { step: "targeted", color: "var(--state-queued)" },
  { step: "reached", color: stateColors.sent },
  { step: "delivered", color: stateColors.delivered },
  { step: "seen", color: stateColors.seen },
  { step: "clicked", color: stateColors.clicked },
];

/** Steps that a channel can know of: an SMS is not known to be read, nor is anything in it known to be clicked. */
const stepsOf = (channel: Channel): readonly Bar[] =>
  steps.filter(
    ({ step }) => !(isByPhone(channel) && step === "clicked") && !(channel === "sms" && step === "seen"),
  );

/** How many got how far, each step against the first. */
export function FunnelBars({ counts, channel }: { counts: DeliveryCounts; channel: Channel }) {
  const { strings, format } = useWords();
  const funnel = funnelOf(counts);
  const texts = strings.messages;
  const names = stateWords(strings, channel).steps;
  const shown = stepsOf(channel);
  return (
    <ol className={styles.funnel}>
      {shown.map(({ step, color }, index) => {
        const before = shown[index - 1]?.step;
        const value = funnel[step];
        return (
          <li key={step} className={styles.step}>
            <Head name={names[step]} value={value} />
            <div className={styles.track} aria-hidden>
              <Fill value={step === "reached" ? sentOf(counts) : value} of={funnel.targeted} color={color} />
              {step === "reached" && (
                <Fill value={counts.waiting} of={funnel.targeted} color={stateColors.waiting} />
              )}
            </div>
            <p className={`${styles.hint} number`}>
              {before !== undefined &&
                funnel[before] > 0 &&
                texts.stepOf(format.percent(value, funnel[before]), names[before])}
              {step === "reached" && counts.waiting > 0 && (
                <span>
                  {texts.reachedSplit(format.number(sentOf(counts)), format.number(counts.waiting))}
                </span>
              )}
            </p>
          </li>
        );
      })}
      {isByPhone(channel) && <Failed counts={counts} />}
    </ol>
  );
}

/** No step, but what a message by phone is asked for first: how many it failed for. */
function Failed({ counts: { failed, targeted } }: { counts: DeliveryCounts }) {
  const { strings, format } = useWords();
  const texts = strings.messages;
  return (
    <li className={styles.step}>
      <Head name={texts.states.failed} value={failed} />
      <div className={styles.track} aria-hidden>
        <Fill value={failed} of={targeted} color={stateColors.failed} />
      </div>
      <p className={`${styles.hint} number`}>
        {targeted > 0 && texts.stepOf(format.percent(failed, targeted), texts.steps.targeted)}
      </p>
    </li>
  );
}

function Head({ name, value }: { name: string; value: number }) {
  const { format } = useWords();
  return (
    <div className={styles.text}>
      <span className={styles.name}>{name}</span>
      <span className={`${styles.value} number`}>{format.number(value)}</span>
    </div>
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
