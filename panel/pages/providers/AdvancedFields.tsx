import type { ReactNode } from "react";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./ProviderForm.module.css";
import type { PushFieldsProps } from "./PushField.tsx";
import { faultsOfForm, isAdvanced, type PushProvider } from "./pushConfig.ts";

/** Settings that hardly anybody needs, folded away; open while something in them is wrong. */
export function AdvancedFields(props: PushFieldsProps & { provider: PushProvider; children: ReactNode }) {
  const { provider, form, faults, isChecked, children } = props;
  const { strings } = useWords();
  const wrong = [...Object.keys(faults), ...(isChecked ? Object.keys(faultsOfForm(provider, form)) : [])];
  const isOpen = wrong.some((name) => isAdvanced(provider, name));
  return (
    <Folded title={strings.push.fields.advanced} mustShow={isOpen}>
      <div className={styles.stack}>{children}</div>
    </Folded>
  );
}
