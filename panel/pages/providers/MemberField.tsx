import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { machine } from "./machine.ts";
import {
  type FormProvider,
  faultOfField,
  faultsOfForm,
  hiddenSecret,
  type MemberForm,
} from "./memberConfig.ts";

/** What the fields of a provider are given. */
export interface MemberFieldsProps {
  form: MemberForm;
  onChange(form: MemberForm): void;
  /** As it was when the form was opened. */
  initial: MemberForm;
  /** What the server has against it, by member. */
  faults: Readonly<Record<string, string>>;
  /** Whether somebody tried to save it: what is missing is said from then on. */
  isChecked: boolean;
}

interface MemberFieldProps extends MemberFieldsProps {
  provider: FormProvider;
  name: string;
  label: string;
  hint: string;
  placeholder?: string;
  isRequired?: boolean;
  isNumber?: boolean;
  rightSection?: ReactNode;
  /** Is read by people, in any direction. */
  isWords?: boolean;
  /** Not shown while it is typed. */
  isSecret?: boolean;
}

/** What is wrong with a field in words: the server's, or what can be told here. Null when nothing is, or nobody has finished it. */
export function useFieldFault(
  provider: FormProvider,
  { form, faults, isChecked }: Pick<MemberFieldsProps, "form" | "faults" | "isChecked">,
): (name: string, isFinished: boolean) => string | null {
  const { strings } = useWords();
  const texts = { ...strings.push.faults, ...strings.email.provider.faults, ...strings.sms.account.faults };
  return (name, isFinished) => {
    if (faults[name] !== undefined) return faults[name];
    const value = form[name] ?? "";
    // Whether fields go together is only asked of the whole.
    const together = isChecked ? (faultsOfForm(provider, form)[name] ?? null) : null;
    const fault = faultOfField(provider, name, value) ?? together;
    if (fault === null) return null;
    return isChecked || (isFinished && value.trim() !== "") ? texts[fault] : null;
  };
}

/** One line of a configuration, checked once it was left. A stored secret in it shows as dots, to be written over. */
export function MemberField(given: MemberFieldProps) {
  const { provider, name, label, hint, isRequired, isNumber, isWords, isSecret, ...props } = given;
  const [isFinished, setFinished] = useState(false);
  const faultOf = useFieldFault(provider, props);
  const value = props.form[name] ?? "";
  return (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={belowInput}
      withAsterisk={isRequired ?? false}
      attributes={isWords ? { input: { dir: "auto" } } : machine}
      type={isSecret ? "password" : "text"}
      autoComplete={isSecret ? "new-password" : "off"}
      placeholder={props.placeholder}
      inputMode={isNumber ? "numeric" : undefined}
      maxLength={4000}
      rightSection={props.rightSection}
      value={value}
      onFocus={({ currentTarget }) => value === hiddenSecret && currentTarget.select()}
      onBlur={() => setFinished(true)}
      onChange={({ currentTarget }) => props.onChange({ ...props.form, [name]: currentTarget.value })}
      error={faultOf(name, isFinished)}
    />
  );
}
