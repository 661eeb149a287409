import type { ReactNode } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { flagOf } from "../../ui/flag.ts";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { Duration } from "./Duration.tsx";
import styles from "./ImportFacts.module.css";
import { nameOfEncoding } from "./Understood.tsx";

/** When, how long, how large; and what was asked of it that is not the default. */
export function ImportFacts({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const none = <span className="faint">{strings.common.none}</span>;
  return (
    <Facts
      facts={[
        { name: texts.started, value: <Time iso={item.startedAt ?? item.createdAt} /> },
        { name: texts.ended, value: <Time iso={item.endedAt} /> },
        { name: texts.duration, value: <Duration item={item} /> },
        { name: texts.size, value: item.bytes.total === null ? none : format.bytes(item.bytes.total) },
        { name: texts.checksum, value: item.sha256 === null ? none : <Checksum sha256={item.sha256} /> },
        ...useOptions(item.options),
      ]}
    />
  );
}

function Checksum({ sha256 }: { sha256: string }) {
  return (
    <span className={styles.checksum}>
      <bdi className="mono clamp-1" title={sha256}>
        {sha256}
      </bdi>
      <CopyButton text={sha256} />
    </span>
  );
}

/** The options that differ from what a file is read with by itself. */
function useOptions(options: Import["options"]): { name: string; value: ReactNode }[] {
  const { strings, format } = useWords();
  const texts = strings.imports.form;
  const { country, encoding, onBlank, phone, columns } = options;
  const facts: { name: string; value: ReactNode }[] = [];
  if (country !== null) {
    facts.push({
      name: texts.country,
      value: (
        <>
          <span aria-hidden>{flagOf(country)}</span> {format.country(country)}
        </>
      ),
    });
  }
  if (encoding !== null) facts.push({ name: texts.encoding, value: <bdi>{nameOfEncoding(encoding)}</bdi> });
  if (onBlank !== "keep") facts.push({ name: texts.onBlank, value: texts.onBlankChoices[onBlank] });
  if (phone !== "lenient") facts.push({ name: texts.phoneStrict, value: strings.common.yes });
  if (columns !== "lenient") facts.push({ name: texts.columnsStrict, value: strings.common.yes });
  return facts;
}
