import { Autocomplete, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useWords } from "../../ui/language.tsx";

export interface IdentityValues {
  email: string;
  phone: string;
  language: string;
}

/** Languages that come first to mind; any other code can be written. */
const languages = ["fa", "en", "ar", "ku", "tr", "az", "ru", "de", "fr", "es"];

/** How to reach somebody, and in which language. */
export function IdentityFields<T extends IdentityValues>({ form }: { form: UseFormReturnType<T> }) {
  const { strings, format } = useWords();
  const texts = strings.users.add;
  return (
    <>
      <TextInput
        label={texts.email}
        type="email"
        autoComplete="off"
        attributes={{ input: { dir: "ltr" } }}
        maxLength={254}
        {...form.getInputProps("email")}
      />
      <TextInput
        label={texts.phone}
        description={texts.phoneHint}
        type="tel"
        autoComplete="off"
        attributes={{ input: { dir: "ltr" } }}
        maxLength={64}
        {...form.getInputProps("phone")}
      />
      <Autocomplete
        label={texts.language}
        description={texts.languageHint}
        data={languages}
        renderOption={({ option }) => `${format.language(option.value)} (${option.value})`}
        attributes={{ input: { dir: "ltr" } }}
        maxLength={64}
        {...form.getInputProps("language")}
      />
    </>
  );
}
