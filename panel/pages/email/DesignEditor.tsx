import type { EmailDesign } from "../../../server/templates/email/schema.ts";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import { BlockFields } from "./BlockFields.tsx";
import { BlockList } from "./BlockList.tsx";
import { blockKinds, mostBlocks } from "./blocks.ts";
import { ColumnsFields } from "./ColumnsFields.tsx";
import styles from "./DesignEditor.module.css";
import { type EmailFault, faultsBelow } from "./emailFaults.ts";
import { ThemeFields } from "./ThemeFields.tsx";

interface DesignEditorProps {
  design: EmailDesign;
  onChange(design: EmailDesign): void;
  /** Named from the design on. */
  faults: readonly EmailFault[];
}

/** Builds an e-mail out of blocks. */
export function DesignEditor({ design, onChange, faults }: DesignEditorProps) {
  const { strings } = useWords();
  const { theme, blocks } = design;
  return (
    <div className={styles.design}>
      <Folded title={strings.email.design.theme} mustShow={faultsBelow(faults, "/theme").length > 0}>
        <ThemeFields theme={theme} onChange={(next) => onChange({ ...design, theme: next })} />
      </Folded>
      <BlockList
        label={strings.email.design.blocks}
        theme={theme}
        blocks={blocks}
        kinds={blockKinds}
        most={mostBlocks.email}
        fields={({ block, ...props }) =>
          block.kind === "columns" ? (
            <ColumnsFields block={block} {...props} />
          ) : (
            <BlockFields block={block} {...props} />
          )
        }
        onChange={(next) => onChange({ ...design, blocks: next })}
        faults={faultsBelow(faults, "/blocks")}
      />
    </div>
  );
}
