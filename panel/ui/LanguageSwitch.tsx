import { SegmentedControl } from "@mantine/core";
import { useLanguage, useWords } from "./language.tsx";

/** Chooses the language; each is named in itself. */
export function LanguageSwitch() {
  const { strings } = useWords();
  const { language, setLanguage } = useLanguage();
  return (
    <SegmentedControl
      size="xs"
      radius="md"
      aria-label={strings.language.label}
      value={language}
      onChange={(value) => setLanguage(value === "fa" ? "fa" : "en")}
      data={[
        { value: "en", label: <span lang="en">{strings.language.en}</span> },
        { value: "fa", label: <span lang="fa">{strings.language.fa}</span> },
      ]}
    />
  );
}
