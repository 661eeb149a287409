import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./RuleEditor.module.css";
import { readData, writeData } from "./values.ts";

interface DataFieldProps {
  label: string;
  value: unknown;
  onChange(value: string | number | undefined): void;
}

/** A value whose field has no type: what looks like a number is one. */
export function DataField({ label, value, onChange }: DataFieldProps) {
  const { strings, format } = useWords();
  const [text, setText] = useState(() => writeData(value, format.plain));
  return (
    <TextInput
      aria-label={label}
      placeholder={strings.segments.values.data}
      classNames={{ input: styles.input ?? "" }}
      attributes={{ input: { title: strings.segments.values.data } }}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(readData(currentTarget.value));
      }}
    />
  );
}
