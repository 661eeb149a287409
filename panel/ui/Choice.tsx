import { Input, SegmentedControl } from "@mantine/core";

interface ChoiceProps<T extends string> {
  label: string;
  data: readonly { value: T; label: string; disabled?: boolean }[];
  value: T;
  onChange(value: T): void;
}

/** One of a few, all in sight, with a label above like a field. */
export function Choice<T extends string>({ label, data, value, onChange }: ChoiceProps<T>) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <SegmentedControl
        fullWidth
        size="sm"
        aria-label={label}
        data={[...data]}
        value={value}
        onChange={onChange}
      />
    </Input.Wrapper>
  );
}
