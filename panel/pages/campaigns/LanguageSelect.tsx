import { Select } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";

interface LanguageSelectProps {
  label: string;
  /** BCP 47; blank is any. */
  value: string;
  onChange(language: string): void;
  /** Any language may be chosen again. */
  canClear?: boolean;
}

/** Those that many write in; any other code can be typed. */
const common =
  "fa en ar tr ku ckb az de fr es it pt ru uk zh ja ko hi ur ps id nl pl sv hy ka he el ro th vi".split(" ");

const isTag = (text: string) => /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text);

/** A language by its name, or by its code. */
export function LanguageSelect({ label, value, onChange, canClear = false }: LanguageSelectProps) {
  const { strings, format } = useWords();
  const texts = strings.plan.editions;
  const [text, setText] = useState("");
  const typed = text.trim();
  const codes = new Set([...common, ...(value === "" ? [] : [value])]);
  if (isTag(typed)) codes.add(typed);
  return (
    <Select
      label={label}
      searchable
      clearable={canClear}
      placeholder={canClear ? texts.anyLanguage : texts.searchLanguage}
      data={[...codes].map((code) => ({ value: code, label: `${format.language(code)} (${code})` }))}
      comboboxProps={{ withinPortal: false }}
      limit={40}
      nothingFoundMessage={texts.noLanguage}
      searchValue={text}
      onSearchChange={setText}
      value={value === "" ? null : value}
      onChange={(code) => onChange(code ?? "")}
    />
  );
}
