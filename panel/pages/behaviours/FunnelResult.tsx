import type { Funnel } from "../../../server/events/schema.ts";
import { useWords } from "../../ui/language.tsx";
import analysis from "./Analysis.module.css";
import { ScopeNote } from "./Analysis.tsx";
import styles from "./FunnelResult.module.css";
import { useFunnelSentence } from "./useFunnelSentence.ts";

interface FunnelResultProps {
  funnel: Funnel;
  order: "strict" | "any";
  /** Hours after the first step. */
  within: number | undefined;
}

/** A funnel as a sentence, and as bars with their numbers beside them. */
export function FunnelResult({ funnel, order, within }: FunnelResultProps) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const sentence = useFunnelSentence(funnel, order, within);
  return (
    <>
      <p className={analysis.sentence}>{sentence}</p>
      <ol className={styles.funnel} aria-label={texts.funnel}>
        {funnel.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place; the same name may stand in several
          <li key={index} className={styles.step}>
            <span className={styles.number} aria-hidden>
              {format.number(index + 1)}
            </span>
            <div className={styles.main}>
              <div className={styles.text}>
                <bdi className={styles.name}>{step.name}</bdi>
                <strong className={styles.users}>
                  {texts.userCount(step.users, format.number(step.users))}
                </strong>
              </div>
              <div className={styles.track} aria-hidden>
                <div
                  className={styles.fill}
                  style={{ inlineSize: `${step.ofFirst * 100}%`, minInlineSize: step.users > 0 ? 3 : 0 }}
                />
              </div>
              {index > 0 && (
                <p className={styles.shares}>
                  <span>{texts.ofPrevious(format.percent(step.ofPrevious, 1))}</span>
                  <span>{texts.ofFirst(format.percent(step.ofFirst, 1))}</span>
                  {step.medianSeconds !== null && step.users > 0 && (
                    <span>{texts.median(format.duration(step.medianSeconds))}</span>
                  )}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
      <ScopeNote answer={funnel} />
    </>
  );
}
