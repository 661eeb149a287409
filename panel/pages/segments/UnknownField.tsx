import { useWords } from "../../ui/language.tsx";
import styles from "./RuleEditor.module.css";
import type { RuleNode } from "./tree.ts";

/** A rule whose field is none any more, as it is written: it stays until it is changed or removed. */
export function UnknownField({ rule }: { rule: RuleNode }) {
  const { strings } = useWords();
  return (
    <div className={styles.value}>
      <bdi className="mono">
        {rule.operator} {rule.value === undefined ? "" : JSON.stringify(rule.value)}
      </bdi>
      <p className="faint">{strings.segments.rule.unknown}</p>
    </div>
  );
}
