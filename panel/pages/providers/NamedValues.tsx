import { ActionIcon, Button, Input, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { newIdempotencyKey } from "../../api/client.ts";
import { useWords } from "../../ui/language.tsx";
import type { NamedValue } from "./httpConfig.ts";
import styles from "./ProviderForm.module.css";

interface NamedValuesTexts {
  label: string;
  hint: string;
  name(number: string): string;
  value(number: string): string;
  nameHint: string;
  valueHint: string;
  add: string;
  remove(number: string): string;
}

interface NamedValuesProps {
  texts: NamedValuesTexts;
  rows: readonly NamedValue[];
  onChange(rows: NamedValue[]): void;
  error?: string | undefined;
}

/** Names with values, such as headers; as many as somebody needs. */
export function NamedValues({ texts, rows, onChange, error }: NamedValuesProps) {
  const { format } = useWords();
  const set = (id: string, change: Partial<NamedValue>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  return (
    <Input.Wrapper label={texts.label} description={texts.hint} labelElement="div" error={error}>
      <div className={styles.rows}>
        {rows.map((row, index) => {
          const number = format.number(index + 1);
          return (
            <div key={row.id} className={styles.row}>
              <TextInput
                aria-label={texts.name(number)}
                placeholder={texts.nameHint}
                attributes={{ input: { dir: "ltr" } }}
                autoComplete="off"
                spellCheck={false}
                maxLength={100}
                value={row.name}
                onChange={({ currentTarget }) => set(row.id, { name: currentTarget.value })}
              />
              <TextInput
                aria-label={texts.value(number)}
                placeholder={texts.valueHint}
                attributes={{ input: { dir: "ltr" } }}
                autoComplete="off"
                spellCheck={false}
                maxLength={4000}
                value={row.value}
                onChange={({ currentTarget }) => set(row.id, { value: currentTarget.value })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={texts.remove(number)}
                onClick={() => onChange(rows.filter(({ id }) => id !== row.id))}
              >
                <IconX size={16} />
              </ActionIcon>
            </div>
          );
        })}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange([...rows, { id: newIdempotencyKey(), name: "", value: "" }])}
          >
            {texts.add}
          </Button>
        </div>
      </div>
    </Input.Wrapper>
  );
}
