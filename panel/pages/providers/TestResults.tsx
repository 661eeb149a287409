import { IconCircleCheck, IconCircleX, IconClock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { TestAnswer } from "../../../server/providers/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./TestResults.module.css";

type Result = TestAnswer["results"][number];

/** What became of a test, device by device. */
export function TestResults({ results }: { results: readonly Result[] }) {
  const { strings } = useWords();
  const texts = strings.providers.test;
  if (results.length === 0)
    return (
      <p role="status" className="faint">
        {texts.nothing}
      </p>
    );
  return (
    <section aria-label={texts.results} role="status">
      <ul className={styles.results}>
        {results.map((result, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one answer, never sorted, and two devices may be alike
          <li key={index} className={styles.result}>
            <Sign result={result} />
            <div className={styles.words}>
              <p>
                <bdi className={styles.to}>{result.to}</bdi> <span>{texts.outcomes[result.outcome]}</span>
              </p>
              <p className="along soft" dir="auto">
                {result.detail}
              </p>
              {result.code !== null && <bdi className={`${styles.code} mono faint`}>{result.code}</bdi>}
            </div>
          </li>
        ))}
      </ul>
      {results.some(({ outcome }) => outcome === "misconfigured") && (
        <p className={styles.cure}>{texts.cure}</p>
      )}
      {results.every(({ outcome }) => outcome === "skipped") && (
        <p className={styles.cure}>
          {texts.skippedCure}{" "}
          <Link to="/users" className="text-link">
            {strings.nav.users}
          </Link>
        </p>
      )}
    </section>
  );
}

function Sign({ result: { ok, outcome } }: { result: Result }) {
  if (ok) return <IconCircleCheck size={20} className={styles.good} aria-hidden />;
  if (outcome === "retry" || outcome === "throttle" || outcome === "skipped")
    return <IconClock size={20} className={styles.soft} aria-hidden />;
  return <IconCircleX size={20} className={styles.bad} aria-hidden />;
}
