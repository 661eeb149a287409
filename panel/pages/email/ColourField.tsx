import { ColorInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { machine } from "../providers/machine.ts";

interface ColourFieldProps {
  label: string;
  value: string;
  onChange(colour: string): void;
}

const swatches = [
  ...["#ffffff", "#f4f4f5", "#fef3c7", "#e0f2fe", "#dcfce7"],
  ...["#18181b", "#2563eb", "#dc2626", "#16a34a", "#9333ea"],
];

const isColour = (text: string) => /^#[0-9a-f]{6}$/i.test(text);

/** A colour; what is half typed changes nothing. */
export function ColourField({ label, value, onChange }: ColourFieldProps) {
  const { strings } = useWords();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <ColorInput
      label={label}
      format="hex"
      withEyeDropper={false}
      swatches={swatches}
      swatchesPerRow={5}
      attributes={machine}
      value={text}
      onChange={(next) => {
        setText(next);
        if (isColour(next)) onChange(next);
      }}
      onBlur={() => setText(value)}
      error={isColour(text) ? null : strings.email.design.colourWrong}
    />
  );
}
