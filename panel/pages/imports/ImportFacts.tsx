import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { Facts } from "../../ui/Facts.tsx";
import { flagOf } from "../../ui/flag.ts";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { Checksum } from "./Checksum.tsx";
import { Duration } from "./Duration.tsx";
import { nameOfEncoding } from "./fields.ts";

/** Who, when, how long, how large; where the rows went; and what was asked of it that is not the default. */
export function ImportFacts({ item }: { item: Import }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const none = <span className="faint">{strings.common.none}</span>;
  return (
    <Facts
      facts={[
        { name: texts.by, value: item.createdBy === null ? none : <bdi>{item.createdBy}</bdi> },
        { name: texts.started, value: <Time iso={item.startedAt ?? item.createdAt} /> },
        { name: texts.ended, value: <Time iso={item.endedAt} /> },
        { name: texts.duration, value: <Duration item={item} /> },
        {
          name: texts.rate,
          value: !item.rate ? none : texts.rowsPerSecond(format.number(Math.round(item.rate))),
        },
        ...useOptions(item),
        { name: texts.size, value: item.bytes.total === null ? none : format.bytes(item.bytes.total) },
        { name: texts.checksum, value: item.sha256 === null ? none : <Checksum sha256={item.sha256} /> },
      ]}
    />
  );
}

/** The options that differ from what a file is read with by itself. */
function useOptions(item: Import): { name: string; value: ReactNode }[] {
  const { strings, format } = useWords();
  const texts = strings.imports.form;
  const { country, encoding, onBlank, phone, columns, channel, rowLimit } = item.options;
  const facts: { name: string; value: ReactNode }[] = [];
  if (channel !== null) facts.push({ name: texts.channel, value: strings.segments.channels[channel] });
  const segment = item.segment?.name ?? item.options.segment;
  if (segment !== null) {
    const value =
      item.segment === null ? (
        <bdi>{segment}</bdi>
      ) : (
        <Link to="/users" search={{ segment: item.segment.id }} className="text-link">
          <bdi>{segment}</bdi>
        </Link>
      );
    facts.push({ name: texts.segment, value });
  }
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
  if (rowLimit !== null) facts.push({ name: texts.rowLimit, value: format.number(rowLimit) });
  if (phone !== "lenient") facts.push({ name: texts.phoneStrict, value: strings.common.yes });
  if (columns !== "lenient") facts.push({ name: texts.columnsStrict, value: strings.common.yes });
  return facts;
}
