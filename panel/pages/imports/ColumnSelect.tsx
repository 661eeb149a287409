import { Select } from "@mantine/core";
import type { Understood } from "../../../server/imports/schema.ts";
import { attributeTypes } from "../../../server/users/attribute-types.ts";
import { useWords } from "../../ui/language.tsx";
import { type Choices, fieldsOf, targetOf, wordOf } from "./choices.ts";
import { describeColumn } from "./describeColumn.ts";

interface ColumnSelectProps {
  column: Understood["columns"][number];
  choices: Choices;
  /** Of the two that leave the columns open. */
  format: "generic" | "events";
  onChange(changed: Partial<Choices>): void;
}

/** What a column of a table is; one that nothing is said of is worked out by the server. */
export function ColumnSelect({ column, choices, format, onChange }: ColumnSelectProps) {
  const { strings } = useWords();
  const texts = strings.imports.mapping;
  const names: Record<string, string> = strings.imports.fields;
  const rest = format === "events" ? texts.data : texts.attribute;
  const chosen = wordOf(choices.columns[column.name]);
  const taken = new Set(Object.values(choices.columns).map(wordOf));
  const choose = (word: string) => {
    const { [column.name]: _before, ...others } = choices.columns;
    const target = targetOf(word, format);
    // A column can only be said of a table; what was found out becomes what is asked for.
    onChange({ format, columns: target === undefined ? others : { ...others, [column.name]: target } });
  };
  return (
    <Select
      size="xs"
      aria-label={texts.becomes(column.name)}
      data={[
        {
          value: "auto",
          label: chosen === "auto" ? texts.autoAs(describeColumn(column, strings)) : texts.auto,
        },
        { value: "ignore", label: texts.ignore },
        {
          group: texts.fields,
          items: (fieldsOf(format) ?? []).map((field) => ({
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
      ]}
      allowDeselect={false}
      comboboxProps={{ width: 220, position: "bottom-start" }}
      maxDropdownHeight={280}
      value={chosen}
      onChange={(word) => word !== null && choose(word)}
    />
  );
}
