import { useMemo } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./CampaignComposer.module.css";
import { smsLength } from "./smsLength.ts";

interface SmsCountProps {
  text: string;
  /** It is filled in for one user; for another it may be longer. */
  isPreview: boolean;
}

/** How long an SMS is, and of how many it is made: that is what it costs. */
export function SmsCount({ text, isPreview }: SmsCountProps) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.fields;
  const { characters, parts, alphabet } = useMemo(() => smsLength(text), [text]);
  if (text === "") return null;
  return (
    <p className={`${styles.length} number`} aria-live="polite">
      <strong>{texts.parts(parts, format.number(parts))}</strong>
      <span>{texts.characters(characters, format.number(characters))}</span>
      <span title={texts.alphabetHints[alphabet]}>{texts.alphabets[alphabet]}</span>
      {isPreview && <span className="faint">{texts.ofPreview}</span>}
    </p>
  );
}
