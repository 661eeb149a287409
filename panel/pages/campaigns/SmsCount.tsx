import { useMemo } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./CampaignComposer.module.css";
import { smsLength } from "./smsLength.ts";

interface SmsCountProps {
  /** As one user gets it; for another it may be longer. */
  text: string;
  /** With its variables. */
  written: string;
}

/** So many letters are named; in Persian all of them are outside of GSM-7. */
const mostNamed = 3;

/** How many letters fit into one SMS of Unicode. */
const unicodeLetters = 70;

/** How long an SMS is, and of how many it is made: that is what it costs. */
export function SmsCount({ text, written }: SmsCountProps) {
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
        {/\{[{%]/.test(written) && <span className="faint">{texts.ofPreview}</span>}
      </p>
      {unicode.length > 0 && <Unicode letters={ownFirst(unicode, written)} />}
    </div>
  );
}

/** Those that somebody wrote before those that came with values: only they can be written in another way. */
const ownFirst = (letters: readonly string[], written: string): string[] =>
  [...letters].sort((a, b) => Number(written.includes(b)) - Number(written.includes(a)));

/** Which letters make it a Unicode SMS: in a text of Latin ones it is often a single one that nobody needs. */
function Unicode({ letters }: { letters: readonly string[] }) {
  const { strings, format } = useWords();
  const texts = strings.sms.count;
  const named = letters
    .slice(0, mostNamed)
    .map((letter) => strings.behaviours.quote(`\u2068${letter}\u2069`));
  const all = letters.length > named.length ? [...named, texts.andMore] : named;
  const say = letters.length === 1 ? texts.unicode : texts.unicodeMany;
  return (
    <p className={`${styles.unicode} soft`}>
      {say(format.list(all, "conjunction"), format.number(unicodeLetters))}
    </p>
  );
}
