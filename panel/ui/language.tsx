import { DirectionProvider, useDirection } from "@mantine/core";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { en, type Strings } from "../strings/en.ts";
import { fa } from "../strings/fa.ts";
import { createFormat, type Format, type Language } from "./format.ts";

const storageKey = "chapar.language";
const texts: Record<Language, Strings> = { en, fa };
const directions = { en: "ltr", fa: "rtl" } as const;

interface LanguageValue {
  language: Language;
  setLanguage(language: Language): void;
}

const LanguageContext = createContext<LanguageValue>({ language: "en", setLanguage: () => {} });
const FormatContext = createContext<Format>(createFormat("en", undefined));

function firstLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === "en" || stored === "fa") return stored;
  return navigator.language.startsWith("fa") ? "fa" : "en";
}

function Direction(props: { language: Language; children: ReactNode }) {
  const { setDirection } = useDirection();
  useEffect(() => {
    document.documentElement.lang = props.language;
    setDirection(directions[props.language]);
  }, [props.language, setDirection]);
  return props.children;
}

/** Holds the chosen language, keeps it for the next visit, and turns the page around for Persian. */
export function LanguageProvider(props: { children: ReactNode }) {
  const [language, choose] = useState(firstLanguage);
  const value = useMemo(
    () => ({
      language,
      setLanguage(chosen: Language) {
        localStorage.setItem(storageKey, chosen);
        choose(chosen);
      },
    }),
    [language],
  );
  return (
    <LanguageContext value={value}>
      <DirectionProvider initialDirection={directions[language]} detectDirection={false}>
        <Direction language={language}>
          <FormatProvider timeZone={undefined}>{props.children}</FormatProvider>
        </Direction>
      </DirectionProvider>
    </LanguageContext>
  );
}

/** Writes times in the app's zone; undefined is the browser's. */
export function FormatProvider(props: { timeZone: string | undefined; children: ReactNode }) {
  const { language } = useContext(LanguageContext);
  const format = useMemo(() => createFormat(language, props.timeZone), [language, props.timeZone]);
  return <FormatContext value={format}>{props.children}</FormatContext>;
}

/** The chosen language and how to change it. */
export function useLanguage(): LanguageValue {
  return useContext(LanguageContext);
}

/** The texts of the chosen language, and how it writes numbers and times. */
export function useWords(): { strings: Strings; format: Format } {
  const { language } = useContext(LanguageContext);
  const format = useContext(FormatContext);
  return useMemo(() => ({ strings: texts[language], format }), [language, format]);
}
