import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { BlockFields } from "./BlockFields.tsx";
import { BlockList } from "./BlockList.tsx";
import type { FieldsProps } from "./blockParts.tsx";
import { type BlockOf, isSimple, mostBlocks, simpleKinds, withColumns } from "./blocks.ts";
import styles from "./DesignEditor.module.css";
import { faultsBelow } from "./emailFaults.ts";

/** Two or three lists of blocks beside each other. */
export function ColumnsFields({ block, theme, onChange, faults }: FieldsProps<BlockOf<"columns">>) {
  const { strings, format } = useWords();
  const texts = strings.email.design;
  return (
    <>
      <Choice
        label={texts.columns}
        data={(["2", "3"] as const).map((value) => ({
          value,
          label: texts.columnCount(format.number(Number(value))),
        }))}
        value={block.columns.length === 3 ? "3" : "2"}
        onChange={(count) => onChange(withColumns(block, count === "3" ? 3 : 2))}
      />
      <div className={styles.columns}>
        {block.columns.map(({ blocks }, index) => {
          const name = texts.column(format.number(index + 1));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns have no names, and are never sorted
            <fieldset key={index} className={styles.column}>
              <legend>{name}</legend>
              <BlockList
                label={name}
                theme={theme}
                blocks={blocks}
                kinds={simpleKinds}
                most={mostBlocks.column}
                fields={(props) => <BlockFields {...props} />}
                onChange={(next) =>
                  onChange({
                    ...block,
                    columns: block.columns.map((column, at) =>
                      at === index ? { blocks: next.filter(isSimple) } : column,
                    ),
                  })
                }
                faults={faultsBelow(faults, `/columns/${index}/blocks`)}
              />
            </fieldset>
          );
        })}
      </div>
    </>
  );
}
