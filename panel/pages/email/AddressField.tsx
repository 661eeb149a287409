import { useWords } from "../../ui/language.tsx";
import { LiquidField } from "../campaigns/LiquidField.tsx";
import { asAddress } from "./address.ts";

interface AddressFieldProps {
  value: string;
  onChange(url: string): void;
  error?: string | undefined;
}

/** Where something leads. What is no whole address is made one once the field is left. */
export function AddressField({ value, onChange, error }: AddressFieldProps) {
  const { strings } = useWords();
  const texts = strings.email.design;
  return (
    <LiquidField
      label={texts.url}
      hint={texts.urlHint}
      placeholder="https://example.com/offers"
      isMachine
      isOfEmail
      maxLength={2000}
      value={value}
      onChange={onChange}
      onBlur={() => {
        const whole = asAddress(value);
        if (whole !== null && whole !== value) onChange(whole);
      }}
      error={error}
    />
  );
}
