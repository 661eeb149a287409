import type { Import } from "../../../server/imports/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { Checksum } from "./Checksum.tsx";
import styles from "./Consent.module.css";

/** What the uploader agreed to, word for word, who, when, and for which file. */
export function Consent({ consent }: { consent: NonNullable<Import["consent"]> }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const none = <span className="faint">{strings.common.none}</span>;
  return (
    <Card title={texts.consent.given}>
      <blockquote className={styles.words} dir="auto">
        {consent.text}
      </blockquote>
      <Facts
        facts={[
          { name: texts.consent.by, value: consent.by === null ? none : <bdi>{consent.by}</bdi> },
          { name: texts.consent.at, value: <Time iso={consent.at} /> },
          {
            name: texts.consent.file,
            value: consent.sha256 === null ? none : <Checksum sha256={consent.sha256} />,
          },
        ]}
      />
    </Card>
  );
}
