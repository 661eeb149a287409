import { UnstyledButton } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import styles from "./Plan.module.css";
import { letterOf } from "./place.ts";

interface VariantTabsProps {
  count: number;
  value: number;
  onChange(variant: number): void;
  /** Those in which something is missing. */
  atFault: ReadonlySet<number>;
}

/** Which of several contents is written below. */
export function VariantTabs({ count, value, onChange, atFault }: VariantTabsProps) {
  const { strings } = useWords();
  if (count === 1) return null;
  return (
    <div className={styles.tabs} role="tablist" aria-label={strings.plan.variants.tabs}>
      {Array.from({ length: count }, (_, variant) => (
        <UnstyledButton
          key={letterOf(variant)}
          role="tab"
          aria-selected={variant === value}
          className={styles.tab ?? ""}
          data-fault={atFault.has(variant) || undefined}
          onClick={() => onChange(variant)}
        >
          {strings.plan.variants.tabs} {letterOf(variant)}
        </UnstyledButton>
      ))}
    </div>
  );
}
