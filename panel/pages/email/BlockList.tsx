import { ActionIcon, Button, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import type { EmailBlock, EmailDesign } from "../../../server/templates/email/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { useWords } from "../../ui/language.tsx";
import { AddBlock } from "./AddBlock.tsx";
import { BlockItem } from "./BlockItem.tsx";
import type { FieldsProps } from "./blockParts.tsx";
import { type BlockKind, copied, inserted, moved, newBlock, replaced, without } from "./blocks.ts";
import styles from "./DesignEditor.module.css";
import { type EmailFault, faultsBelow } from "./emailFaults.ts";

interface BlockListProps {
  label: string;
  theme: EmailDesign["theme"];
  blocks: readonly EmailBlock[];
  /** What may be added. */
  kinds: readonly BlockKind[];
  most: number;
  /** The fields of an open block. */
  fields(props: FieldsProps<EmailBlock>): ReactNode;
  onChange(blocks: EmailBlock[]): void;
  /** Named from the list on: `/3/text`. */
  faults: readonly EmailFault[];
}

/** Blocks from top to bottom: one is open to be written in, and between any two another one can be put. */
export function BlockList(props: BlockListProps) {
  const { label, theme, blocks, kinds, most, onChange, faults } = props;
  const { strings, format } = useWords();
  const texts = strings.email.design;
  const [openId, setOpenId] = useState<string | null>(null);
  // What takes a while, as an upload or an undo, changes the list as it is by then.
  const latest = useRef({ blocks, onChange });
  latest.current = { blocks, onChange };
  const change = (edit: (old: readonly EmailBlock[]) => EmailBlock[]) => {
    const next = edit(latest.current.blocks);
    latest.current.blocks = next;
    latest.current.onChange(next);
  };
  const put = (index: number, block: EmailBlock) => {
    change((old) => inserted(old, index, block));
    setOpenId(block.id);
  };
  const add = (index: number) => (kind: BlockKind) => put(index, newBlock(kind, strings, newIdempotencyKey));
  const remove = (block: EmailBlock, index: number) => {
    change((old) => without(old, block.id));
    const note = notifications.show({
      message: (
        <>
          {texts.removed(texts.kinds[block.kind])}{" "}
          <UnstyledButton
            className="text-link"
            onClick={() => {
              change((old) =>
                old.some(({ id }) => id === block.id) ? [...old] : inserted(old, index, block),
              );
              notifications.hide(note);
            }}
          >
            {texts.undo}
          </UnstyledButton>
        </>
      ),
    });
  };
  // What comes last is added before the footer, where it is seen as part of the e-mail.
  const end = blocks.at(-1)?.kind === "footer" ? blocks.length - 1 : blocks.length;
  const isFull = blocks.length >= most;
  return (
    <div>
      {blocks.length === 0 ? (
        <p className="faint">{texts.empty}</p>
      ) : (
        <ol className={styles.list} aria-label={label}>
          {blocks.map((block, index) => (
            <li key={block.id}>
              <div className={styles.between}>
                {!isFull && (
                  <AddBlock kinds={kinds} onAdd={add(index)}>
                    <ActionIcon
                      className={styles.plus ?? ""}
                      variant="filled"
                      radius="xl"
                      size={22}
                      aria-label={texts.addBefore(format.number(index + 1))}
                    >
                      <IconPlus size={14} />
                    </ActionIcon>
                  </AddBlock>
                )}
              </div>
              <BlockItem
                block={block}
                theme={theme}
                place={index}
                count={blocks.length}
                isOpen={openId === block.id}
                onToggle={() => setOpenId(openId === block.id ? null : block.id)}
                onChange={(next) => change((old) => replaced(old, next))}
                onMove={(by) => change((old) => moved(old, block.id, by))}
                onDuplicate={isFull ? undefined : () => put(index + 1, copied(block, newIdempotencyKey))}
                onRemove={() => remove(block, index)}
                faults={faultsBelow(faults, `/${index}`)}
                fields={props.fields}
              />
            </li>
          ))}
        </ol>
      )}
      {!isFull && (
        <div className={styles.add}>
          <AddBlock kinds={kinds} onAdd={(kind) => add(kind === "footer" ? blocks.length : end)(kind)}>
            <Button variant="default" size="xs" leftSection={<IconPlus size={14} />}>
              {blocks.length === 0 ? texts.addFirst : texts.add}
            </Button>
          </AddBlock>
        </div>
      )}
    </div>
  );
}
