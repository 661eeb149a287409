import { type ComboboxItem, type OptionsFilter, Select } from "@mantine/core";
import { useMemo } from "react";
import { belowInput } from "../../ui/belowInput.ts";
import { flagOf } from "../../ui/flag.ts";
import { useWords } from "../../ui/language.tsx";
import { listCountries, plain } from "./countries.ts";
import styles from "./ImportForm.module.css";

interface CountrySelectProps {
  value: string | null;
  onChange(code: string | null): void;
  error?: string | undefined;
}

/** A country, found by its name in the page's language or in English, its code or its calling code. */
export function CountrySelect({ value, onChange, error }: CountrySelectProps) {
  const { strings, format } = useWords();
  const texts = strings.imports.form;
  const countries = useMemo(() => listCountries(format), [format]);
  const byCode = useMemo(() => new Map(countries.map((country) => [country.code, country])), [countries]);
  const filter: OptionsFilter = ({ options, search }) => {
    const wanted = plain(search);
    // Groups have no value, and there are none here.
    return (options as ComboboxItem[]).filter(({ value: code }) => byCode.get(code)?.words.includes(wanted));
  };
  return (
    <Select
      label={texts.country}
      description={texts.countryHint}
      inputWrapperOrder={belowInput}
      placeholder={texts.countryNone}
      data={countries.map(({ code, name }) => ({ value: code, label: name }))}
      filter={filter}
      renderOption={({ option }) => (
        <span className={styles.country}>
          <span aria-hidden>{flagOf(option.value)}</span>
          <span>{option.label}</span>
          <bdi dir="ltr" className="faint number">
            +{byCode.get(option.value)?.callingCode}
          </bdi>
        </span>
      )}
      leftSection={value === null ? undefined : <span aria-hidden>{flagOf(value)}</span>}
      nothingFoundMessage={texts.countryUnknown}
      searchable
      clearable
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}
