import type { ReactNode } from "react";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import type { MemberFieldsProps } from "./MemberField.tsx";
import { type FormProvider, faultsOfForm, isAdvanced } from "./memberConfig.ts";
import styles from "./ProviderForm.module.css";

/** Settings that hardly anybody needs, folded away; open while something in them is wrong. */
export function AdvancedFields(props: MemberFieldsProps & { provider: FormProvider; children: ReactNode }) {
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
