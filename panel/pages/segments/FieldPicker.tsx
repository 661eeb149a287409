import { type ComboboxItem, type ComboboxItemGroup, type OptionsFilter, Select } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { nameKey } from "../../../server/lib/names.ts";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { type Found, keyOf, labelOf, searchKey } from "./catalog.ts";
import styles from "./RuleEditor.module.css";

/** Thousands of attributes and events would be slow to draw; typing narrows them. */
const shownFields = 200;

interface FieldPickerProps {
  fields: readonly SegmentField[];
  found: Found | null;
  /** The name that the rule has, also when no field has it. */
  name: string;
  /** It was just added: the next thing is to choose. */
  isNew: boolean;
  onChoose(field: SegmentField): void;
}

/** Chooses what a rule is about, in groups; found by its words in the page's language and by its name in rules. */
export function FieldPicker({ fields, found, name, isNew, onChoose }: FieldPickerProps) {
  const { strings } = useWords();
  const texts = strings.segments;
  const byKey = useMemo(() => new Map(fields.map((field) => [keyOf(field), field])), [fields]);
  const data = useMemo(() => {
    const groups = new Map<string, { value: string; label: string }[]>();
    for (const field of fields) {
      const items = groups.get(field.group) ?? [];
      items.push({ value: keyOf(field), label: labelOf(field, strings) });
      groups.set(field.group, items);
    }
    return [...groups].map(([group, items]) => ({ group: groupName(group, texts.fieldGroups), items }));
  }, [fields, strings, texts]);
  const keys = useMemo(
    () => new Map(fields.map((field) => [keyOf(field), searchKey(field, strings)])),
    [fields, strings],
  );
  const filter: OptionsFilter = ({ options, search, limit }) => {
    const wanted = nameKey(search);
    const isFound = (item: ComboboxItem) => (keys.get(item.value) ?? "").includes(wanted);
    let left = limit;
    // Fields always come in groups, see above.
    return (options as ComboboxItemGroup<ComboboxItem>[]).flatMap(({ group, items }) => {
      const kept = items.filter(isFound).slice(0, left);
      left -= kept.length;
      return kept.length === 0 ? [] : [{ group, items: kept }];
    });
  };
  const value = found === null ? null : keyOf({ ...found.field, name: found.event ?? found.field.name });
  const label =
    found === null ? "" : labelOf({ ...found.field, name: found.event ?? found.field.name }, strings);
  // What was chosen stands in the field, but a search begins from nothing.
  const [search, setSearch] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isNew) input.current?.focus();
  }, [isNew]);
  return (
    <Select
      ref={input}
      aria-label={texts.rule.field}
      placeholder={name === "" ? texts.rule.chooseField : name}
      className={styles.field ?? ""}
      classNames={{ input: styles.input ?? "" }}
      searchable
      allowDeselect={false}
      searchValue={search ?? label}
      onSearchChange={(text) => setSearch(text === label ? null : text)}
      onDropdownOpen={() => setSearch("")}
      onDropdownClose={() => setSearch(null)}
      limit={shownFields}
      maxDropdownHeight={380}
      comboboxProps={{ width: 300, position: "bottom-start" }}
      data={data}
      filter={filter}
      value={value}
      onChange={(key) => {
        const field = key === null ? undefined : byKey.get(key);
        if (field !== undefined && key !== value) onChoose(field);
      }}
      renderOption={({ option }) => {
        const field = byKey.get(option.value);
        return (
          <span className={styles.option}>
            <bdi>{option.label}</bdi>
            {field !== undefined && field.name !== option.label && (
              <bdi className="faint mono">{field.name}</bdi>
            )}
          </span>
        );
      }}
      nothingFoundMessage={texts.rule.noField}
    />
  );
}

const groupName = (group: string, names: Record<string, string>) => names[group] ?? group;
