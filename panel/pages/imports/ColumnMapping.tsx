import { Input, Select } from "@mantine/core";
import { Fragment } from "react";
import type { PersonKey } from "../../../server/imports/schema.ts";
import { attributeTypes } from "../../../server/users/attribute-types.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./ColumnMapping.module.css";
import { type Choices, fieldsOf, targetOf, wordOf } from "./choices.ts";

const keys = ["userId", "installationId", "phone", "email"] as const satisfies readonly PersonKey[];

interface ColumnMappingProps {
  choices: Choices;
  /** Null when only the server can open the file. */
  header: readonly string[] | null;
  onChange(changed: Partial<Choices>): void;
  error?: string | undefined;
}

/** What each column of a table is. Columns that nothing is said of are worked out by the server. */
export function ColumnMapping({ choices, header, onChange, error }: ColumnMappingProps) {
  const { strings } = useWords();
  const texts = strings.imports.mapping;
  const hasChosen = Object.keys(choices.columns).length > 0;
  const hint = header !== null ? texts.hint : hasChosen ? texts.kept : texts.unreadable;
  return (
    <section className={styles.mapping}>
      <div>
        <h3 className={styles.title}>{texts.title}</h3>
        <p className={styles.hint}>{hint}</p>
      </div>
      {error !== undefined && (
        <Input.Error role="alert" dir="auto" className="along">
          {error}
        </Input.Error>
      )}
      {header !== null && <Columns choices={choices} header={header} onChange={onChange} />}
      {choices.format === "generic" && (
        <Select
          label={texts.key}
          description={texts.keyHint}
          inputWrapperOrder={belowInput}
          data={[
            { value: "auto", label: texts.auto },
            ...keys.map((key) => ({ value: key, label: strings.imports.fields[key] })),
          ]}
          allowDeselect={false}
          value={choices.key ?? "auto"}
          onChange={(word) => onChange({ key: keys.find((key) => key === word) ?? null })}
        />
      )}
    </section>
  );
}

function Columns({ choices, header, onChange }: ColumnMappingProps & { header: readonly string[] }) {
  const { strings } = useWords();
  const texts = strings.imports.mapping;
  const names: Record<string, string> = strings.imports.fields;
  const rest = choices.format === "events" ? texts.data : texts.attribute;
  const taken = new Set(header.map((name) => wordOf(choices.columns[name])));

  const wordsFor = (chosen: string) => [
    { value: "auto", label: texts.auto },
    { value: "ignore", label: texts.ignore },
    {
      group: texts.fields,
      items: (fieldsOf(choices.format) ?? []).map((field) => ({
        value: field,
        label: names[field] ?? field,
        disabled: field !== chosen && taken.has(field),
      })),
    },
    {
      group: rest,
      items: attributeTypes.map((type) => ({
        value: `:${type}`,
        label: texts.typed(rest, strings.imports.types[type]),
      })),
    },
  ];

  const choose = (name: string, word: string | null) => {
    const { [name]: _before, ...columns } = choices.columns;
    const target = word === null ? undefined : targetOf(word, choices.format);
    onChange({ columns: target === undefined ? columns : { ...columns, [name]: target } });
  };

  return (
    <div className={styles.columns}>
      {header.map((name) => (
        <Fragment key={name}>
          <bdi className="clamp-1" title={name}>
            {name}
          </bdi>
          <Select
            size="xs"
            aria-label={texts.becomes(name)}
            data={wordsFor(wordOf(choices.columns[name]))}
            allowDeselect={false}
            maxDropdownHeight={280}
            value={wordOf(choices.columns[name])}
            onChange={(word) => choose(name, word)}
          />
        </Fragment>
      ))}
    </div>
  );
}
