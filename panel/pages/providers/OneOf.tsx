import { Radio } from "@mantine/core";
import styles from "./ProviderForm.module.css";

interface OneOfProps<T extends string> {
  label: string;
  options: readonly { value: T; label: string; hint: string }[];
  value: T;
  onChange(value: T): void;
  error?: string | undefined;
}

/** One of a few, each with a sentence on what it means. */
export function OneOf<T extends string>({ label, options, value, onChange, error }: OneOfProps<T>) {
  return (
    <Radio.Group
      label={label}
      value={value}
      error={error}
      onChange={(chosen) => {
        const option = options.find((item) => item.value === chosen);
        if (option !== undefined) onChange(option.value);
      }}
    >
      <div className={styles.options}>
        {options.map((option) => (
          <Radio key={option.value} value={option.value} label={option.label} description={option.hint} />
        ))}
      </div>
    </Radio.Group>
  );
}
