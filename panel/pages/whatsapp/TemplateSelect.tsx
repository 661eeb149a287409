import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useWords } from "../../ui/language.tsx";
import { groupsOf, isSendable, type Template, type TemplateGroup, whyNot } from "./templates.ts";
import styles from "./WhatsappFields.module.css";

interface TemplateSelectProps {
  templates: readonly Template[];
  /** What it is called; null before one is chosen. */
  value: string | null;
  onChoose(group: TemplateGroup): void;
  error: string | undefined;
}

/** A template, found by its name or its words. One that cannot be sent says why. */
export function TemplateSelect({ templates, value, onChoose, error }: TemplateSelectProps) {
  const { strings } = useWords();
  const texts = strings.whatsapp.compose;
  const groups = useMemo(() => new Map(groupsOf(templates).map((group) => [group.name, group])), [templates]);
  return (
    <Select
      label={texts.template}
      placeholder={texts.choose}
      searchable
      withAsterisk
      allowDeselect={false}
      maxDropdownHeight={340}
      classNames={{ option: styles.choice ?? "" }}
      data={[...groups.values()].map(({ name, isSendable: can }) => ({
        ...{ value: name, label: name, disabled: !can },
      }))}
      filter={({ options, search }) => {
        const wanted = search.trim().toLowerCase();
        // What is chosen stands in the field; that is nobody's search.
        if (wanted === value?.toLowerCase()) return options;
        return options.filter(
          (option) =>
            "value" in option &&
            groups
              .get(option.value)
              ?.languages.some(({ name, body }) => `${name}\n${body.text}`.toLowerCase().includes(wanted)),
        );
      }}
      nothingFoundMessage={texts.noMatch}
      renderOption={({ option }) => {
        const group = groups.get(option.value);
        return group === undefined ? option.label : <Option group={group} />;
      }}
      value={value}
      onChange={(name) => {
        const group = name === null ? undefined : groups.get(name);
        if (group !== undefined) onChoose(group);
      }}
      error={error}
    />
  );
}

function Option({ group: { name, languages, isSendable: can } }: { group: TemplateGroup }) {
  const { strings } = useWords();
  const texts = strings.whatsapp.templates;
  const shown = languages.find(isSendable) ?? languages[0];
  if (shown === undefined) return name;
  return (
    <div className={styles.option}>
      <span className={styles.optionHead}>
        <bdi className={styles.optionName}>{name}</bdi>
        <span className="faint">
          {texts.categories[shown.category]} ·{" "}
          <bdi>{languages.map(({ language }) => language).join(", ")}</bdi>
        </span>
      </span>
      <span className="faint clamp-2" dir="auto">
        {can ? shown.body.text : whyNot(shown, strings)}
      </span>
    </div>
  );
}
