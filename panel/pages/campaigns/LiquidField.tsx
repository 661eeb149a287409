import { Textarea, TextInput } from "@mantine/core";
import { useRef } from "react";
import { belowInput } from "../../ui/belowInput.ts";
import { machine } from "../providers/machine.ts";
import styles from "./CampaignComposer.module.css";
import { VariableMenu } from "./VariableMenu.tsx";

interface LiquidFieldProps {
  label: string;
  hint?: string;
  placeholder?: string;
  withAsterisk?: boolean;
  /** Of several lines. */
  isLong?: boolean;
  /** For machines, as addresses: left to right. */
  isMachine?: boolean;
  /** Also offers what only e-mails have. */
  isOfEmail?: boolean;
  onBlur?(): void;
  maxLength: number;
  value: string;
  onChange(value: string): void;
  error?: string | undefined;
}

/** A text with values of the user in it, which a menu puts where the caret stands. */
export function LiquidField(given: LiquidFieldProps) {
  const { label, hint, isLong, isMachine, isOfEmail = false, value, onChange, ...props } = given;
  const area = useRef<HTMLTextAreaElement>(null);
  const line = useRef<HTMLInputElement>(null);
  const insert = (liquid: string) => {
    const input = area.current ?? line.current;
    const start = input?.selectionStart ?? value.length;
    const end = input?.selectionEnd ?? start;
    onChange(value.slice(0, start) + liquid + value.slice(end));
    // Once the new value is there, on goes the writing behind what was put in.
    requestAnimationFrame(() => {
      input?.focus();
      input?.setSelectionRange(start + liquid.length, start + liquid.length);
    });
  };
  const common = {
    ...props,
    label,
    description: hint,
    inputWrapperOrder: belowInput,
    attributes: isMachine ? machine : ({ input: { dir: "auto" } } as const),
    value,
  };
  return (
    <div className={styles.field}>
      {isLong ? (
        <Textarea
          ref={area}
          autosize
          minRows={5}
          maxRows={16}
          {...common}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      ) : (
        <TextInput ref={line} {...common} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
      )}
      <div className={styles.variable}>
        <VariableMenu field={label} isOfEmail={isOfEmail} onChoose={insert} />
      </div>
    </div>
  );
}
