import { useMemo } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./CampaignComposer.module.css";
import { smsLength } from "./smsLength.ts";

interface SmsCountProps {
  text: string;
  /** It is filled in for one user; for another it may be longer. */
  isPreview: boolean;
}

/** So many letters are named; in Persian all of them are outside of GSM-7. */
const mostNamed = 3;

/** How many letters fit into one SMS of Unicode. */
const unicodeLetters = 70;

/** How long an SMS is, and of how many it is made: that is what it costs. */
export function SmsCount({ text, isPreview }: SmsCountProps) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.fields;
  const { characters, parts, alphabet, unicode } = useMemo(() => smsLength(text), [text]);
  if (text === "") return null;
  return (
    <div aria-live="polite">
      <p className={`${styles.length} number`}>
        <strong>{texts.parts(parts, format.number(parts))}</strong>
        <span>{texts.characters(characters, format.number(characters))}</span>
        <span title={texts.alphabetHints[alphabet]}>{texts.alphabets[alphabet]}</span>
        {isPreview && <span className="faint">{texts.ofPreview}</span>}
      </p>
      {unicode.length > 0 && <Unicode letters={unicode} />}
    </div>
  );
}

/** Which letters make it a Unicode SMS: in a text of Latin ones it is often a single one that nobody needs. */
function Unicode({ letters }: { letters: readonly string[] }) {
  const { strings, format } = useWords();
  const texts = strings.sms.count;
  const named = letters
    .slice(0, mostNamed)
    .map((letter) => `\u2068${strings.behaviours.quote(letter)}\u2069`);
  const all = letters.length > named.length ? [...named, texts.andMore] : named;
  const say = letters.length === 1 ? texts.unicode : texts.unicodeMany;
  return (
    <p className={`${styles.unicode} soft`}>
      {say(format.list(all, "conjunction"), format.number(unicodeLetters))}
    </p>
  );
}
