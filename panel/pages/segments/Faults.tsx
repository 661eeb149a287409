import { IconAlertTriangle } from "@tabler/icons-react";
import { useBuilder } from "./builderContext.ts";
import styles from "./RuleEditor.module.css";

/** What the server has against a rule or group, where it stands. */
export function Faults({ id }: { id: string }) {
  const faults = useBuilder().faults.get(id) ?? [];
  return (
    <ul className={styles.faults} aria-live="polite">
      {faults.map((fault) => (
        <li key={fault}>
          <IconAlertTriangle size={14} aria-hidden />
          <span dir="auto">{fault}</span>
        </li>
      ))}
    </ul>
  );
}
