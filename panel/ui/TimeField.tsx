import { TextInput } from "@mantine/core";

interface TimeFieldProps {
  label: string;
  /** `22:00`; blank is none yet. */
  value: string;
  onChange(time: string): void;
  error?: string | undefined;
}

/** A time of day: the browser's own field. */
export function TimeField({ label, value, onChange, error }: TimeFieldProps) {
  return (
    <TextInput
      type="time"
      label={label}
      value={value}
      error={error}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
