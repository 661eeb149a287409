import { Checkbox, Select } from "@mantine/core";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { isSendable, type Template, takesSameValues, whyNot } from "./templates.ts";
import styles from "./WhatsappFields.module.css";
import { chosen, type WhatsappValues } from "./whatsappValues.ts";

interface LanguageFieldsProps {
  values: WhatsappValues;
  onChange(values: WhatsappValues): void;
  /** The template in the chosen language. */
  main: Template;
  languages: readonly Template[];
}

/** In which languages a template goes: users get the one that they speak. */
export function LanguageFields({ values, onChange, main, languages }: LanguageFieldsProps) {
  const { strings, format } = useWords();
  const texts = strings.whatsapp.compose;
  const nameOf = (language: string) => format.language(language.replace("_", "-"));
  const others = languages.filter(({ language }) => language !== main.language);
  if (others.length === 0) return null;
  return (
    <div className={styles.pair}>
      <Select
        label={texts.language}
        description={texts.languageHint}
        inputWrapperOrder={belowInput}
        allowDeselect={false}
        data={languages.map((one) => ({
          ...{ value: one.language, label: nameOf(one.language), disabled: !isSendable(one) },
        }))}
        value={main.language}
        onChange={(language) => {
          const next = languages.find((one) => one.language === language);
          if (next !== undefined) onChange(chosen(next, languages, values));
        }}
      />
      <Checkbox.Group
        label={texts.others}
        description={texts.othersHint}
        inputWrapperOrder={belowInput}
        value={[...values.otherLanguages]}
        onChange={(otherLanguages) => onChange({ ...values, otherLanguages })}
      >
        <div className={styles.languages}>
          {others.map((one) => {
            const why = whyNot(one, strings) ?? (takesSameValues(one, main) ? undefined : texts.otherValues);
            return (
              <Checkbox
                key={one.language}
                value={one.language}
                label={nameOf(one.language)}
                description={why}
                disabled={why !== undefined}
              />
            );
          })}
        </div>
      </Checkbox.Group>
    </div>
  );
}
