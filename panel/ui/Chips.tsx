import { Chip, Group, Input } from "@mantine/core";

interface ChipsProps<T extends string> {
  label: string;
  data: readonly { value: T; label: string; disabled?: boolean }[];
  value: T;
  onChange(value: T): void;
}

/** One of several, all in sight; unlike a {@link Choice} they go on in a second line. */
export function Chips<T extends string>({ label, data, value, onChange }: ChipsProps<T>) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Chip.Group
        value={value}
        onChange={(chosen) => {
          const found = data.find((item) => item.value === chosen);
          if (found !== undefined) onChange(found.value);
        }}
      >
        <Group gap={6} role="radiogroup" aria-label={label}>
          {data.map((item) => (
            <Chip key={item.value} value={item.value} size="sm" radius="md" disabled={item.disabled ?? false}>
              {item.label}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}
