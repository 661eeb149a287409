import type { useEstimate } from "../../api/campaigns.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./CampaignComposer.module.css";
import { estimateWords } from "./smsEstimate.ts";

/** How many SMS the text comes to for the audience. */
export function SmsEstimate({ estimate }: { estimate: ReturnType<typeof useEstimate> }) {
  const words = useWords();
  const { strings, format } = words;
  const texts = strings.sms.estimate;
  const { data, isCounting, isOld } = estimate;
  if (data === undefined || data.users === 0) return null;
  const { total, each } = estimateWords(data, words);
  return (
    <div
      className={`${styles.estimate} ${isOld ? styles.stale : ""}`}
      aria-live="polite"
      aria-busy={isCounting}
    >
      <p className="soft">{texts.title}</p>
      <p className={`${styles.estimateTotal} number`}>{total}</p>
      <p className="soft number">{each}</p>
      {data.unicode > 0 && data.unicode < 1 && (
        <p className="soft number">{texts.unicode(format.percent(data.unicode, 1))}</p>
      )}
      {data.sampled > 0 && data.sampled < data.users && (
        <p className="faint number">{texts.sampled(format.number(data.sampled))}</p>
      )}
    </div>
  );
}
